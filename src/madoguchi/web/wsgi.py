"""The WSGI application, for granian and any other server."""

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
