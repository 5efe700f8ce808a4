"""What every page asks is read once, and no thread is told that nothing is known while another one reads (`Fresh`)."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event, Semaphore

from django.db import OperationalError

from benxi_shuangsuiji import fresh
from benxi_shuangsuiji.fresh import FRESH_SECONDS, Fresh


class Facts:
    """A reading that waits until it may go on, and fails as often as it is told to."""

    def __init__(self):
        self.answer, self.fails, self.times = "本溪市", 0, 0
        self.begun, self.goes_on = Event(), Event()
        self.goes_on.set()

    def read(self) -> str:
        self.times += 1
        found = self.answer
        self.begun.set()
        assert self.goes_on.wait(10)
        if self.fails:
            self.fails -= 1
            raise OperationalError("away")
        return found


class Door:
    """The lock of a reading, which counts those who find it shut."""

    def __init__(self, lock):
        self._lock, self.shut = lock, Semaphore(0)

    def acquire(self, blocking: bool = True) -> bool:
        if self._lock.acquire(blocking=False):
            return True
        self.shut.release()
        return blocking and self._lock.acquire()

    def release(self) -> None:
        self._lock.release()


def asked_by_four(known: Fresh, facts: Facts, before_it_goes_on=lambda: None) -> list[str]:
    """One begins to read, three more ask while it does; it goes on when each of them has found it reading."""
    facts.begun.clear()
    facts.goes_on.clear()
    known._reading = door = Door(known._reading)
    with ThreadPoolExecutor(4) as threads:
        asked = [threads.submit(known)]
        assert facts.begun.wait(10)
        asked += [threads.submit(known) for _ in range(3)]
        assert all(door.shut.acquire(timeout=10) for _ in range(3))
        before_it_goes_on()
        facts.goes_on.set()
        return [one.result(10) for one in asked]


def test_threads_that_ask_at_the_start_all_get_the_one_answer():
    facts = Facts()
    assert asked_by_four(Fresh(facts.read, "nowhere"), facts) == ["本溪市"] * 4
    assert facts.times == 1


def test_a_first_reading_that_fails_is_tried_again_at_the_next_question():
    facts = Facts()
    known = Fresh(facts.read, "nowhere")
    facts.fails = 1
    assert known() == "nowhere"
    assert (known(), known(), facts.times) == ("本溪市", "本溪市", 2)


def test_what_is_forgotten_is_read_anew_and_stays_while_the_database_is_away():
    facts = Facts()
    known = Fresh(facts.read, "nowhere")
    assert known() == "本溪市"
    known.forget()
    facts.answer, facts.fails = "溪山市", 1
    assert known() == "本溪市"
    known.forget()
    assert asked_by_four(known, facts) == ["溪山市"] * 4
    # What is forgotten while it is read may have been read too early.
    known.forget()

    def changes() -> None:
        facts.answer = "东山市"
        known.forget()

    asked_by_four(known, facts, changes)
    assert known() == "东山市"


def test_while_one_reads_anew_the_others_go_by_what_was_known(monkeypatch):
    facts, now = Facts(), [100.0]
    monkeypatch.setattr(fresh, "monotonic", lambda: now[0])
    known = Fresh(facts.read, "nowhere")
    assert known() == "本溪市"
    now[0] += FRESH_SECONDS
    facts.answer = "溪山市"
    facts.begun.clear()
    facts.goes_on.clear()
    with ThreadPoolExecutor(1) as threads:
        reading = threads.submit(known)
        assert facts.begun.wait(10)
        assert known() == "本溪市"  # at once: the reading has not ended
        facts.goes_on.set()
        assert reading.result(10) == known() == "溪山市"
    assert facts.times == 2
