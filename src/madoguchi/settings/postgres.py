"""PostgreSQL: many web and worker processes, many towns.

The role of ``MADOGUCHI_PG_USER`` owns the tables and is no superuser: a superuser is exempt from
row level security.
"""

import os

from madoguchi.settings.base import *  # noqa: F403

DATABASES = {
    "default": {
        "ENGINE": "madoguchi.kernel.store.postgres",
        "NAME": os.environ.get("MADOGUCHI_PG_NAME", "madoguchi"),
        "USER": os.environ.get("MADOGUCHI_PG_USER", "madoguchi"),
        "PASSWORD": os.environ.get("MADOGUCHI_PG_PASSWORD", ""),
        "HOST": os.environ.get("MADOGUCHI_PG_HOST", ""),
        "PORT": os.environ.get("MADOGUCHI_PG_PORT", ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
}
