"""What happens to accounts, as ids for the outbox: never an address, never a token."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class VerificationAsked:
    """A new account, or somebody who asks again, wants the mail that proves the address."""

    account_id: int


@dataclass(frozen=True, slots=True)
class RegisteredAgain:
    """Somebody registered with the address of an account that exists: its owner is told, nobody else."""

    account_id: int


@dataclass(frozen=True, slots=True)
class ResetAsked:
    """Somebody asked for a new password."""

    account_id: int


@dataclass(frozen=True, slots=True)
class PasswordChanged:
    """The password is a new one: the owner hears of it in case it was somebody else."""

    account_id: int


@dataclass(frozen=True, slots=True)
class AccountExpiring:
    """Nobody signed in for long: its owner is asked to, else it goes on `goes_on` (ISO), in so many `days`."""

    account_id: int
    goes_on: str
    days: int


@dataclass(frozen=True, slots=True)
class AccountExpired:
    """Nobody signed in although its owner was asked twice: the account is to be erased as if its owner left."""

    account_id: int


@dataclass(frozen=True, slots=True)
class WaysInChanged:
    """Another way to log in was added or taken away: the owner hears of it in case it was somebody else.

    `what`: linked, unlinked, factor_set, factor_reset, codes_made, code_used.
    """

    account_id: int
    what: str


@dataclass(frozen=True, slots=True)
class ConfirmationAsked:
    """Somebody who has no password shows by a mailed link who they are, in one browser."""

    account_id: int
    session_id: int
