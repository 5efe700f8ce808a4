"""镜像: the whole public side as static files that work from a folder, a CDN or a portal (PUB1 §3, §4, §7).

`links`: how an address becomes a file, and the links of a page lead from file to file. `folder`: the folder, its digests and
what is known of it. `writing`: pages asked of the site itself, in process. `nightly`: the worker's job. `restoring`: what
brings publications and entries back from it.
"""
