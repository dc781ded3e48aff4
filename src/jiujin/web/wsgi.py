"""The WSGI application that `jiujin serve` runs."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiujin.web.settings")
application = get_wsgi_application()

from jiujin.matching import warm_up_in_background  # noqa: E402
from jiujin.work.nearby.index import follow_in_background  # noqa: E402 - needs the applications loaded
from jiujin.work.words import read_dictionary_in_background  # noqa: E402

follow_in_background()
warm_up_in_background()
read_dictionary_in_background()
