import asyncio
import threading

import pytest

from madoguchi.kernel.towns import current


def test_without_a_town_there_is_none():
    assert current.scope() is None
    with pytest.raises(current.NoTown):
        current.town_id()


def test_use_nests_and_returns_to_what_was():
    with current.use(1):
        with current.use(2):
            assert current.town_id() == 2
        assert current.town_id() == 1
        with pytest.raises(RuntimeError), current.use(3):
            raise RuntimeError
        assert current.town_id() == 1
    assert current.scope() is None


def test_everywhere_is_every_town_but_no_town_of_its_own():
    with current.use(1), current.everywhere("a scan"):
        assert current.scope() == "*"
        with pytest.raises(current.NoTown):
            current.town_id()
        with current.use(2):
            assert current.scope() == 2


def test_everywhere_needs_a_reason():
    with pytest.raises(ValueError, match="why"), current.everywhere(""):
        pass


@pytest.mark.parametrize("wrong", [0, -1, "1", None])
def test_only_a_positive_integer_is_a_town(wrong):
    with pytest.raises(ValueError, match="positive"), current.use(wrong):
        pass


def test_a_thread_begins_without_a_town():
    seen = []
    with current.use(1):
        thread = threading.Thread(target=lambda: seen.append(current.scope()))
        thread.start()
        thread.join()
    assert seen == [None]


def test_tasks_do_not_see_each_others_town():
    async def work(town):
        with current.use(town):
            for _ in range(5):
                await asyncio.sleep(0)
                assert current.town_id() == town

    async def all_at_once():
        await asyncio.gather(*(work(town) for town in range(1, 20)))
        assert current.scope() is None

    asyncio.run(all_at_once())
