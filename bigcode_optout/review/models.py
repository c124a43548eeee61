"""What the desk itself keeps: the lines of the queue, people's views, who has what open, and bulk runs."""

from bigcode_optout.review.bulk_models import BulkRun as BulkRun
from bigcode_optout.review.bulk_models import BulkStep as BulkStep
from bigcode_optout.review.desk_models import OpenRequest as OpenRequest
from bigcode_optout.review.desk_models import SavedView as SavedView
from bigcode_optout.review.line_models import QueueLine as QueueLine
