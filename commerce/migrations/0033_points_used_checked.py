"""Compare what was written before with the constraints of points that are used; nobody waits for it."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("commerce", "0032_points_used")]

    operations = [
        ValidateConstraint(model_name="order", name="order_points_are_discount"),
        ValidateConstraint(model_name="refund", name="refund_gives"),
        ValidateConstraint(model_name="pointsentry", name="points_lots_expire"),
    ]
