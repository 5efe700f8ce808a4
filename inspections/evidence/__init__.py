"""证据: photographs, scans, samples, recordings of a visit, and who had them in hand (四(3)-b, 七(五)-h, N-15)."""
