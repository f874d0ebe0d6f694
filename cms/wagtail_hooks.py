"""What the CMS tells Wagtail's admin."""

<<<<<<< HEAD
import cms.backoffice.hooks  # noqa: F401  # registers the back office
=======
import cms.editing.hooks  # noqa: F401  # registers lists, copying and notices
>>>>>>> cms
