"""What people do on the desk's pages, step by step; every walk is made of these."""


def look_up(visitor, name):
    visitor.open("/")
    visitor.page.get_by_label("GitHub user, organisation or repository").fill(name)
    visitor.press("Look it up")


def choose_everything(visitor, login):
    """Tick everything under the visitor's own login."""
    visitor.open("/requests/new/")
    visitor.page.get_by_label(f"Everything under {login}").check()


def claim_organisation(visitor, login, name):
    """Name the organisation and let GitHub say the role."""
    visitor.open("/requests/new/organisation/")
    visitor.page.get_by_label("Name of the organisation on GitHub").fill(name)
    visitor.press("Let GitHub show my role")
    visitor.expects("read:org")
    visitor.pass_github(login)


def claim_repository(visitor, login, name):
    """Name a repository of somebody else and let GitHub say the permission."""
    visitor.open("/requests/new/repository/")
    visitor.page.get_by_label("Repository on GitHub").fill(name)
    visitor.press("Let GitHub show my permission")
    visitor.pass_github(login)


def add_former_name(visitor, login, name):
    """Type the login that the account had before."""
    visitor.open("/requests/new/former-name/")
    visitor.page.get_by_label("The name before").fill(name)
    visitor.press("Add the name to my list")


def choose_claimed(visitor):
    """Tick what was claimed beside the visitor's own account."""
    visitor.page.locator(".claimed input[type=checkbox]").first.check()


def send(visitor, email=""):
    """From the choice to the confirmation; gives the reference number."""
    visitor.press("Go on with this choice")
    if email:
        visitor.page.get_by_label("E-mail address").fill(email)
    visitor.press("Go on to check")
    visitor.press("Send the request")
    visitor.expects("We have your request")
    return visitor.page.locator(".reference").first.inner_text()


def wait_on(visitor, path, words, *, tries=60):
    """Look at a page until it says `words`; the worker needs a moment."""
    visitor.open(path)
    for _ in range(tries):
        if words in visitor.page.locator("main").inner_text():
            return
        visitor.page.wait_for_timeout(500)
        visitor.page.reload()
    visitor.expects(words)


def wait_for(visitor, reference, words):
    """Look at the status page until it says `words`."""
    wait_on(visitor, f"/requests/{reference}/", words)


def wait_for_state(visitor, reference, state, *, tries=80):
    """Look at the status page until the request is in that state."""
    visitor.open(f"/requests/{reference}/")
    while state_of(visitor) != state and (tries := tries - 1):
        visitor.page.wait_for_timeout(500)
        visitor.page.reload()
    assert state_of(visitor) == state


def state_of(visitor):
    """The state on the status page that is open."""
    return visitor.page.locator("main .state").first.inner_text()


def staff(desk, visit, role):
    """Somebody of the desk, in the admin: by password and code the first time, in the same session after that."""
    kept = desk.demo.staff_sessions
    visitor = visit(storage_state=kept[role]) if role in kept else visit()
    visitor.open("/admin/")
    if role not in kept:
        log_in(visitor, *desk.staff[role], desk.code(role))
        kept[role] = visitor.context.storage_state()
    return visitor


def log_in(visitor, username, password, code):
    """From the admin's form, past the second factor. A code holds once."""
    visitor.page.get_by_label("Username").fill(username)
    visitor.page.get_by_label("Password").fill(password)
    visitor.press("Log in")
    visitor.page.get_by_label("Code").fill(code)
    visitor.press("Go on")
    visitor.expects("Log out")


def give_password_again(desk, visitor, role):
    """Where a step that cannot be undone asks for it; it holds for five minutes of the session."""
    visitor.page.wait_for_load_state()
    field = visitor.page.get_by_label("Password of")
    if field.count():
        field.fill(desk.staff[role][1])
        visitor.press("Go on")
