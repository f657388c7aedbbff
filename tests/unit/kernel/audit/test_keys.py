import hashlib
import hmac

from madoguchi.kernel.audit.keys import keyed_hash, sign


def test_a_keyed_hash_is_hmac_sha256_under_a_key_of_its_own(settings):
    settings.AUDIT_KEY = ""
    settings.SECRET_KEY = "secret"
    key = hmac.new(b"secret", b"madoguchi.audit.content", hashlib.sha256).digest()
    assert keyed_hash("冠水") == hmac.new(key, "冠水".encode(), hashlib.sha256).hexdigest()


def test_the_audit_key_comes_before_the_secret_key(settings):
    settings.AUDIT_KEY = "first"
    one = keyed_hash("x")
    settings.SECRET_KEY = "changed"
    assert keyed_hash("x") == one
    settings.AUDIT_KEY = "second"
    assert keyed_hash("x") != one


def test_a_seal_cannot_be_passed_off_as_a_content_hash():
    assert sign("seal", b"x") != keyed_hash("x")
