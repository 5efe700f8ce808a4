"""What a strict reader finds in a finished PDF of PDF/A-3a (kept for good) and PDF/UA-1 (read aloud)."""

import page

PROFILES = (page.ValidationProfile.PDF_A_3A, page.ValidationProfile.PDF_UA_1)


def faults(content: bytes) -> list[str]:
    """Every rule of both standards that the paper breaks, in words; none of a good paper."""
    reports = [page.validate_pdf_bytes(content, profile=profile) for profile in PROFILES]
    return [f"{failure.rule_id}: {failure.message}" for report in reports for failure in report.failures]
