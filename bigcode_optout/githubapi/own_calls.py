"""What the site asks in its own name: out of one budget, and with the ETag of what it was told before."""

from requests.structures import CaseInsensitiveDict

from bigcode_optout.githubapi.budgets import Allowance, Budget
from bigcode_optout.githubapi.errors import GitHubError, RateLimited
from bigcode_optout.githubapi.exchanges import Exchanges, Question
from bigcode_optout.githubapi.kept_answers import AnswerStore, KeptAnswer, is_kept, kept, key_of
from bigcode_optout.githubapi.transport import Exchange


class OwnCalls:
    """Asks by the site's client id and secret, or as nobody. `salt` hides them in the names of kept answers."""

    def __init__(self, exchanges: Exchanges, *, budget: Budget, store: AnswerStore, salt: bytes) -> None:
        self._exchanges = exchanges
        self._budget = budget
        self._store = store
        self._salt = salt

    def get(self, question: Question) -> Exchange:
        """Ask. An answer that has not changed comes back as a 200 with the body that was kept.

        Raises RateLimited without asking when the budget is spent, Unavailable or BadAnswer.
        """
        self._budget.take()
        known = self._store.find(self._key(question)) if is_kept(question.operation) else None
        exchange = self._exchanges.get(question, etag=known.etag if known else "")
        is_unchanged = known is not None and exchange.status == 304
        if is_unchanged:
            self._budget.give_back()
        allowance = Allowance.from_headers(exchange.headers)
        if allowance:
            self._budget.report(allowance)
        return _as_kept(exchange, known) if known and is_unchanged else exchange

    def keep(self, question: Question, body: object, exchange: Exchange) -> None:
        """Keep an answer that could be read."""
        if question.credentials.is_person or not is_kept(question.operation):
            return
        if _FROM_STORE in exchange.headers:
            return
        answer = kept(question.operation, body, exchange.headers)
        if answer:
            self._store.keep(self._key(question), answer)

    def note(self, question: Question, error: GitHubError) -> GitHubError:
        """Tell everybody else when GitHub asked this site to wait. Returns the error with the whole wait."""
        if not isinstance(error, RateLimited) or question.credentials.is_person:
            return error
        until = self._budget.wait_until(error.retry_at, is_burst=error.is_secondary)
        return RateLimited(max(until, error.retry_at), error.is_secondary)

    def _key(self, question: Question) -> str:
        return key_of(self._salt, question.credentials.authorization, question.url)


# A header of our own, so that what came out of the store is not written back to it.
_FROM_STORE = "x-kept-answer"


def _as_kept(exchange: Exchange, known: KeptAnswer) -> Exchange:
    headers: CaseInsensitiveDict[str] = CaseInsensitiveDict(exchange.headers)
    headers.update({"link": known.link, "etag": known.etag, _FROM_STORE: "yes"})
    return Exchange(200, headers, known.body.encode())
