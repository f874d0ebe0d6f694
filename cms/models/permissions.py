"""What even an administrator does not do: delete what orders point to."""

from wagtail.models import PagePermissionTester


class ArchivePermissionTester(PagePermissionTester):
    """Products that were ever published are taken off sale, not deleted: orders remember them."""

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        """Allow only what never was on sale, and trees with nothing in them."""
        if self.page.live or self.page.first_published_at or not self.page.is_leaf():
            return False
        return bool(super().can_delete(ignore_bulk=ignore_bulk))
