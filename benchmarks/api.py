"""Whether anything can break the public API: ``benchmarks/api.py``.

    PYTHONPATH=src:benchmarks .venv/bin/python benchmarks/api.py [--cases 10000]

schemathesis draws requests from the API's own description, half of them as described and half on
purpose not, against a filled town, through the whole stack of middleware. To reach: no answer of
500 and no answer that is not as described, in 10,000 requests. Prints the requests of each
operation, the failures, and the CPU time of one request beside a request to /healthz.
"""

import argparse
import os
import sys
import tempfile
import time
from collections import Counter
from typing import Any

API = "/api/v1/"
FEW = 50
"""Requests of an operation without parameters: all are alike."""


def prepare(folder: str) -> Any:
    """A town of its own in ``folder``; returns the WSGI application."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "madoguchi.settings.embedded",
        "MADOGUCHI_DATA": folder,
        "MADOGUCHI_SECRET_KEY": "only-for-this-benchmark-" + "0" * 30,
        "MADOGUCHI_API_RATE": "100000000/m",
    }
    from django.core.wsgi import get_wsgi_application

    application = get_wsgi_application()
    from django.core.management import call_command

    from madoguchi.kernel.towns import api as towns
    from madoguchi.kernel.towns import current

    with current.everywhere("make a town for the benchmark"):
        call_command("migrate", verbosity=0)
        towns.create_town("13208", contact_phone="042-000-1111", services=["disaster"])
    return application


def attack(application: Any, cases: int) -> tuple[Counter[str], list[str], float]:
    """Requests by operation, what failed, and CPU seconds a request (its making included)."""
    import schemathesis
    from hypothesis import HealthCheck, Phase, given, settings
    from schemathesis.checks import not_a_server_error
    from schemathesis.core.failures import FailureGroup
    from schemathesis.generation import GenerationMode
    from schemathesis.specs.openapi.checks import (
        content_type_conformance,
        response_schema_conformance,
    )

    schema = schemathesis.openapi.from_wsgi(f"{API}openapi.json", application)
    operations = [found.ok() for found in schema.get_all_operations()]
    plain = [operation for operation in operations if not list(operation.iter_parameters())]
    asking = [operation for operation in operations if operation not in plain]
    each = -(-(cases - FEW * len(plain)) // (len(asking) * 2))
    tried: Counter[str] = Counter()
    failures: list[str] = []
    checks = [not_a_server_error, content_type_conformance, response_schema_conformance]

    def run(operation: Any, mode: GenerationMode, times: int) -> None:
        @given(case=operation.as_strategy(generation_mode=mode))
        @settings(
            max_examples=times,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def one(case: Any) -> None:
            tried[f"{operation.label} {mode.value}"] += 1
            try:
                case.call_and_validate(checks=checks)
            except FailureGroup as failed:
                failures.append(f"{operation.label}: {failed}")

        one()

    begin = time.process_time()
    for operation in plain:
        for _ in range(FEW):
            run(operation, GenerationMode.POSITIVE, 1)
    for operation in asking:
        for mode in GenerationMode:
            while (missing := each - tried[f"{operation.label} {mode.value}"]) > 0:
                run(operation, mode, missing)
    return tried, failures, (time.process_time() - begin) / max(tried.total(), 1)


def main() -> int:
    """Run and print; 1 when anything failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        application = prepare(folder)
        tried, failures, cpu_s = attack(application, asked.cases)
    for name, count in sorted(tried.items()):
        print(f"{name:32} {count:7,d}")
    for failure in failures[:5]:
        print(failure, file=sys.stderr)
    print(f"requests {tried.total():,d} (to reach {asked.cases:,d}), failures {len(failures)}")
    print(f"CPU a request, with its drawing: {cpu_s * 1000:.1f} ms; load {os.getloadavg()[0]:.1f}")
    return 1 if failures or tried.total() < asked.cases else 0


if __name__ == "__main__":
    sys.exit(main())
