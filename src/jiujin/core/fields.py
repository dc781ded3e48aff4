"""Model fields for data that must not leak: encrypted text, and the blind index by which an equal text is found.

    id_number = EncryptedTextField()
    id_number_index = BlindIndexField(source="id_number", unique=True)

    Person.objects.get(id_number_index="…")      # equality only; the text is turned into its index here

The index follows its text on every `save()` and `bulk_create()`. `update()`, `bulk_update()` and `save(update_fields=…)` must
name both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldError
from django.db import models

from jiujin.core.encryption import INDEX_BYTES, blind_index, seal, unseal

TEXT_CHARACTERS_MAX = 2000

if TYPE_CHECKING:  # Django's classes take no type arguments when they run
    AnyField = models.Field[Any, Any]
    TextField = models.Field[str | None, str | None]
    BytesField = models.BinaryField[bytes | str | None]
else:
    AnyField = TextField = models.Field
    BytesField = models.BinaryField


def place_of(field: AnyField) -> str:
    """`table.column`: what a sealed text and an index are bound to."""
    return f"{field.model._meta.db_table}.{field.column}"


class EncryptedTextField(TextField):
    """Text of at most TEXT_CHARACTERS_MAX characters, kept as an SM4-GCM ciphertext (bytea) and read back as text.

    It cannot be searched or compared; only `isnull` may be asked of it. Reading raises SealedTextUnreadable.
    """

    description = "Encrypted text"

    def get_internal_type(self) -> str:
        """It is stored as bytes."""
        return "BinaryField"

    def get_lookup(self, lookup_name: str) -> Any:
        """Only `isnull` can be asked of a ciphertext. Raises FieldError for any other look-up."""
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is encrypted: search its blind index instead of using “{lookup_name}”")
        return super().get_lookup(lookup_name)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """The sealed text as the database driver takes it."""
        if value is None:
            return None
        if len(value) > TEXT_CHARACTERS_MAX:
            raise ValueError(f"{self.name} has more than {TEXT_CHARACTERS_MAX} characters")
        return connection.Database.Binary(seal(value, place=place_of(self)))

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str | None:
        """The text of what the database holds."""
        return None if value is None else unseal(bytes(value), place=place_of(self))


class BlindIndexField(BytesField):
    """The keyed SM3 of another field's text, computed when the record is saved; a text given to a look-up is turned into it."""

    description = "Keyed index of an encrypted text"

    def __init__(self, *args: Any, source: str, **options: Any) -> None:
        self.source = source
        options.setdefault("max_length", INDEX_BYTES)
        super().__init__(*args, **options)

    def deconstruct(self) -> Any:
        """How a migration writes this field."""
        name, path, args, options = super().deconstruct()
        return name, path, args, {**options, "source": self.source}

    def pre_save(self, model_instance: models.Model, add: bool) -> bytes | None:
        """The index of the source's text, as it is now."""
        index = self._index_of(getattr(model_instance, self.source))
        setattr(model_instance, self.attname, index)
        return index

    def get_prep_value(self, value: Any) -> Any:
        """Bytes as they are; a text becomes its index."""
        return super().get_prep_value(self._index_of(value) if isinstance(value, str) else value)

    def _index_of(self, text: str | None) -> bytes | None:
        if text is None:
            return None
        return blind_index(text, place=place_of(self.model._meta.get_field(self.source)))  # type: ignore[arg-type]
