"""What a photograph may be; read by the limited process too, so it imports nothing."""

JPEG, PNG, PDF = "image/jpeg", "image/png", "application/pdf"
MAX_PIXELS = 100_000_000  # the largest sensors of telephones, halved once more by the phone's own resizing
SMALL = 480  # the longer side of what pages show
MAX_MEMORY = 1024 * 1024 * 1024
MAX_SECONDS = 20
HEIC_BRANDS = {b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif"}
