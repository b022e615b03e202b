"""When terms end, when a notice is in time, and when it ends the agreement.

A *boundary* is a day at whose 00:00, in the agreement's offset, one term ends and the
next begins. All functions are pure and count in local days.
"""

from __future__ import annotations

from datetime import date, timedelta, timezone

import msgspec

from gsomia.agreement import counting
from gsomia.agreement.model import NoticeReference, Pack, PeriodEndDay

_DAY = timedelta(days=1)


class Terms(msgspec.Struct, frozen=True):
    """Whose agreement it is, and its duration and notice clauses, ready to count with.

    `free`: a notice counts to a date of its own, not to the end of a term.
    `last_full_day`: the notice period is counted from the last full day of the agreement,
    not from the midnight at which it ends.
    """

    parties: tuple[str, ...]
    zone: timezone
    term: int | None
    extension: int | None
    can_give_notice: bool
    days: int
    months: int
    free: bool
    last_full_day: bool

    @classmethod
    def of(cls, pack: Pack) -> Terms:
        """The terms of a checked pack."""
        notice = pack.notice
        return cls(
            parties=pack.codes,
            zone=pack.zone,
            term=pack.duration.term_years,
            extension=pack.duration.extension_years,
            can_give_notice=notice is not None,
            days=(notice and notice.days) or 0,
            months=(notice and notice.months) or 0,
            free=bool(notice and notice.notice_reference is NoticeReference.FREE_DATE),
            last_full_day=bool(notice and notice.period_end_day is PeriodEndDay.LAST_FULL_DAY),
        )

    def boundary_after(self, entry: date, day: date) -> date | None:
        """The first boundary after `day`; None without terms, or after the only one."""
        if self.term is None:
            return None
        boundary = counting.anniversary(entry, self.term)
        if self.extension is None:
            return boundary if day < boundary else None
        steps = max(0, (day.year - boundary.year) // self.extension)
        boundary = counting.anniversary(entry, self.term + steps * self.extension)
        if boundary <= day:
            boundary = counting.anniversary(entry, self.term + (steps + 1) * self.extension)
        return boundary

    def expiry(self, entry: date) -> date | None:
        """The day at whose 00:00 it ends by itself; None where it is extended, or has no term."""
        if self.term is None or self.extension is not None:
            return None
        return counting.anniversary(entry, self.term)

    def next_extension(self, entry: date, day: date) -> date | None:
        """The day on which it is next extended without any act, if it is."""
        return self.boundary_after(entry, day) if self.extension is not None else None

    def _last_day(self, boundary: date) -> date:
        """The last local day for a notice that ends the agreement at `boundary`."""
        counted_from = boundary - _DAY if self.last_full_day else boundary
        if self.months:
            return counting.add_months(counted_from, -self.months)
        return counted_from - self.days * _DAY

    def last_notice_day(self, entry: date, day: date) -> date | None:
        """The last day for a notice that prevents the next extension; None once passed."""
        boundary = self.next_extension(entry, day)
        if boundary is None or self.free or not self.can_give_notice:
            return None
        last = self._last_day(boundary)
        return last if day <= last else None

    def end_of_notice(self, entry: date, given: date) -> date | None:
        """The day at whose 00:00 a notice given on local day `given` ends the agreement.

        A notice too late for the running term runs to the end of the next one that it
        still reaches. None where the agreement has no notice rule.
        """
        if not self.can_give_notice:
            return None
        expiry = self.expiry(entry)
        if self.free:
            if self.months:
                end = counting.add_months(given, self.months)
            else:
                end = given + self.days * _DAY
            end = end + _DAY if self.last_full_day else end
            return min(end, expiry) if expiry else end
        boundary = self.boundary_after(entry, given)
        while boundary is not None and expiry is None and self._last_day(boundary) < given:
            boundary = self.boundary_after(entry, boundary)
        return boundary

    def earliest_end(self, entry: date, day: date) -> date | None:
        """The earliest end that a notice given on `day` can reach, or the expiry."""
        return self.end_of_notice(entry, day) or self.expiry(entry)
