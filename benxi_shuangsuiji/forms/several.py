"""Several files in one field: their size is asked before they are read."""

from typing import Any

from django import forms

from benxi_shuangsuiji.documents import pictures


class Files(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """(name, bytes) of each; `each`: how many bytes one may have. One more than `most` is read, so that a rule can refuse."""

    def __init__(self, *args: Any, most: int, each: int, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.most, self.each = most, each

    def clean(self, data: Any, initial: Any = None) -> list[tuple[str, bytes]]:
        if not data:
            super().clean(None, initial)  # where one must be there, it says so
        found = [super(FilesField, self).clean(file, initial) for file in data or []]
        for file in found:
            if reason := pictures.why_too_large(file.size, self.each, f"文件“{file.name}”"):
                raise forms.ValidationError(reason)
        return [(file.name, file.read()) for file in found[: self.most + 1]]
