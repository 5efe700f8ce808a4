"""A room of these tests: two kinds of job, and a round that fails before all others."""

from benxi_shuangsuiji.subject import Round, Subject

SUBJECT = Subject(
    name="试一试",
    rounds=(Round("tests.jobs.test_jobs.broken_round", turn=0),),
    jobs={"good": "tests.jobs.test_jobs.make_file", "bad": "tests.jobs.test_jobs.fail"},
)
