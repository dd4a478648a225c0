"""How alike two values are: names, dates, numbers, addresses, each in a few levels that have names.

Every comparator has one shape, `Comparator`.
"""

from omnichannel.identity.likeness.compare.companies import COMPANY, SAME_COMPANY, Company, prepare_company
from omnichannel.identity.likeness.compare.comparator import Comparator
from omnichannel.identity.likeness.compare.dates import BORN, Born, prepare_date
from omnichannel.identity.likeness.compare.documents import DOCUMENT, Document, prepare_document
from omnichannel.identity.likeness.compare.emails import (
    EMAIL,
    PROVIDERS,
    Email,
    Provider,
    email_comparator,
    prepare_email,
)
from omnichannel.identity.likeness.compare.folding import fold, says_nothing, words
from omnichannel.identity.likeness.compare.names import NAME, SAME_PERSON, Name, compatible, prepare_name
from omnichannel.identity.likeness.compare.nearness import sound
from omnichannel.identity.likeness.compare.phones import PHONE, Phone, prepare_phone
from omnichannel.identity.likeness.compare.postal import (
    CITY,
    POSTAL,
    POSTCODE,
    Postal,
    prepare_city,
    prepare_postal,
    prepare_postcode,
)
from omnichannel.identity.likeness.compare.texts import (
    CATEGORY,
    SEX,
    TEXT,
    Text,
    prepare_category,
    prepare_sex,
    prepare_text,
)

__all__ = [
    "BORN",
    "CATEGORY",
    "CITY",
    "COMPANY",
    "DOCUMENT",
    "EMAIL",
    "NAME",
    "PHONE",
    "POSTAL",
    "POSTCODE",
    "PROVIDERS",
    "SAME_COMPANY",
    "SAME_PERSON",
    "SEX",
    "TEXT",
    "Born",
    "Company",
    "Comparator",
    "Document",
    "Email",
    "Name",
    "Phone",
    "Postal",
    "Provider",
    "Text",
    "compatible",
    "email_comparator",
    "fold",
    "prepare_category",
    "prepare_city",
    "prepare_company",
    "prepare_date",
    "prepare_document",
    "prepare_email",
    "prepare_name",
    "prepare_phone",
    "prepare_postal",
    "prepare_postcode",
    "prepare_sex",
    "prepare_text",
    "says_nothing",
    "sound",
    "words",
]  # fmt: skip
