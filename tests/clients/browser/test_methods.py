"""What the page can call is what it could call before: our snippet beside analytics-next in one page, call by call."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

from tests.clients.browser.client import SEGMENT, Client
from tests.clients.browser.conftest import Bundle
from tests.support.stage import Stage, until

BODY = """<a id=link href="#followed">Terms</a><a id=aside href="#aside" target=_blank>Help</a>
<button id=button><a href="#inside">More</a></button><form id=form action=/sent></form>
<form id=other action=/sent></form>"""

CALLS = """[
    (a) => a.track('Signed up', { plan: 'pro' }),
    (a) => a.track('Signed up', { plan: 'pro' }, { context: { campaign: { name: 'mine' } } }),
    (a) => a.track('Called back', () => said.push('called back')),
    (a) => a.page(),
    (a) => a.page('Home'),
    (a) => a.page('Home', { section: 1 }),
    (a) => a.page({ section: 3 }),
    (a) => a.pageview(),
    (a) => a.page('Docs', 'Start', { section: 2 }),
    (a) => a.pageview('/virtual'),
    (a) => a.identify({ plan: 'free' }),
    (a) => a.identify('u1', { email: 'ann@mail.example' }),
    (a) => a.identify(7),
    (a) => a.identify(null, { plan: 'trial' }),
    (a) => a.identify('u1', { seats: 2 }, { context: { locale: 'mars' } }, () => said.push('identified')),
    (a) => a.identify('u1', { plan: 'pro' }),
    (a) => a.alias('u2'),
    (a) => a.alias('u2', 'u1'),
    (a) => a.group(),
    (a) => a.group('g1', { seats: 3 }),
    (a) => a.group('g1', { plan: 'pro' }),
    (a) => ({ id: a.group().id(), traits: a.group().traits() }),
    (a) => a.group('g2', { seats: 1 }),
    (a) => a.ready((found) => said.push(`ready ${Array.isArray(found)}`)),
    (a) => a.debug(false),
    (a) => a.on('track', listener),
    (a) => a.once('track', (name) => said.push(`once ${name}`)),
    (a) => a.track('Heard'),
    (a) => a.track('Heard again'),
    (a) => a.off('track', listener),
    (a) => a.track('Not heard'),
    (a) => a.setAnonymousId('visitor-1'),
    (a) => a.setAnonymousId(),
    (a) => a.addDestinationMiddleware('Amplitude', () => said.push('never called')),
    (a) => a.addIntegrationMiddleware(() => said.push('never called')),
    (a) => a.trackLink(null, 'No link'),
    (a) => a.trackLink(byId('link'), 'Link followed', (link) => ({ text: link.textContent })),
    () => press('link'),
    (a) => a.trackClick([byId('aside'), byId('button')], (element) => `Pressed ${element.id}`),
    () => press('aside'),
    () => press('button', { metaKey: true }),
    () => press('button'),
    (a) => a.trackForm(byId('form'), 'Form sent', { step: 1 }),
    () => send('form'),
    (a) => a.trackSubmit(byId('other'), (form) => `Sent ${form.id}`, (form) => ({ to: form.getAttribute('action') })),
    () => send('other'),
    (a) => a.trackSubmit(null, 'No form'),
    (a) => a.addSourceMiddleware(({ payload, next }) => { payload.obj.properties.seen = true; next(payload); }),
    (a) => a.addSourceMiddleware(({ payload, next }) => payload.event() !== 'Secret' && next(null)),
    (a) => a.addSourceMiddleware(async ({ payload, next }) => {
        await null;
        const properties = { ...payload.properties(), path: payload.proxy('context.page.path') };
        next({ obj: { ...payload.obj, properties } });
    }),
    (a) => a.track('Let through', { of: payloads }),
    (a) => a.track('Secret'),
    (a) => a.track('Last'),
    (a) => a.reset(),
    (a) => a.group().id(),
]"""

RUN = """async (lib) => {
    const calls = CALLS;
    window.payloads = 1;
    window.byId = (id) => document.getElementById(id);
    window.said = [];
    window.listener = (name) => said.push(`listener ${name}`);
    // A copy of each, so that neither hears of the other.
    document.body.innerHTML = document.body.innerHTML;
    HTMLFormElement.prototype.submit = function () { sentOn.push(this.id); };
    const tracked = () => new Promise((done) => lib.once('track', done));
    const sentOn = [];
    window.press = async (id, keys) => {
        const click = new MouseEvent('click', { bubbles: true, cancelable: true, ...keys });
        const followed = new Promise((done) => addEventListener('hashchange', done, { once: true }));
        const told = tracked();
        byId(id).dispatchEvent(click);
        if (click.defaultPrevented) await followed;
        await told;
        return click.defaultPrevented ? `prevented, then ${location.hash}` : 'left alone';
    };
    window.send = async (id) => {
        const submit = new SubmitEvent('submit', { bubbles: true, cancelable: true });
        const told = tracked();
        byId(id).dispatchEvent(submit);
        const atOnce = sentOn.length;
        await told;
        await quiet(() => {});
        return `prevented ${submit.defaultPrevented}, sent ${atOnce}, then ${sentOn}`;
    };
    const quiet = (work) => new Promise((done) => setTimeout(() => done(work()), 400));
    const describe = async (value) => {
        if (value === lib) return 'analytics';
        if (typeof value?.then === 'function') return `promise of ${await describe(await value)}`;
        if (value?.event) return `a call to ${value.event.type}`;
        if (typeof value?.traits === 'function') return 'somebody';
        return Array.isArray(value) ? 'a list' : JSON.stringify(value);
    };
    const events = [];
    for (const name of ['track', 'page', 'identify', 'group', 'reset'])
        lib.on(name, (...args) => events.push([name, ...args]));
    // Without the former id, which ours tells also where it is filled in.
    lib.on('alias', (to) => events.push(['alias', to]));
    const answers = [];
    for (const call of calls) answers.push(`${call} -> ${await describe(call(lib))}`);
    await quiet(() => {});
    // Ours does not wait to be delivered, so that it answers before it calls back.
    return JSON.parse(JSON.stringify({ answers, events, said: said.sort() }));
}""".replace("CALLS", CALLS)


def test_each_call_answers_tells_and_sends_as_it_did_before(stage: Stage, page: Page, bundle: Bundle) -> None:
    stage.website.body = BODY
    ours = stage.website.tag.replace("analytics.page();", "")
    theirs = Client("segment", SEGMENT, {}).tag(stage, bundle).replace("analytics =", "theirs =")
    stage.website.tag = ours + theirs
    page.goto(f"{stage.website.url}/docs?utm_source=news&utm_campaign=spring&x=1")
    page.wait_for_function("analytics.anonmsg")
    page.evaluate("analytics.ready()")

    assert [name for name in page.evaluate("analytics.methods") if f"a.{name}(" not in CALLS] == [], "all are called"
    told = {"ours": page.evaluate(f"({RUN})(analytics)")}
    page.evaluate("localStorage.clear(); history.replaceState(null, '', location.pathname + location.search)")
    page.context.clear_cookies()
    told["theirs"] = page.evaluate(f"theirs.then(([instance]) => ({RUN})(instance))")

    for part in ("answers", "said", "events"):
        for mine, other in zip(told["ours"][part], told["theirs"][part], strict=True):
            assert mine == other
    until(lambda: {name: len(calls) for name, calls in sent(stage).items()}, {"anonmsg": 32, "analytics.js": 32})
    calls = sent(stage)
    assert {call["userId"] for call in calls["anonmsg"] if call["type"] == "alias"} == {"u2"}
    for mine, other in zip(calls["anonmsg"], calls["analytics.js"], strict=True):
        assert said(mine) == said(other)


QUEUED = """<script>
window.returned = [analytics.track('1'), analytics.identify('u1', { plan: 'pro' }), analytics.track('2'),
    analytics.group('g1'), analytics.setAnonymousId('visitor-1'), analytics.track('3'), analytics.alias('u2'),
    analytics.pageview('/virtual'), analytics.track('4')].map((it) => it === analytics);
</script>"""


def test_what_was_called_before_it_loaded_is_made_in_its_order(stage: Stage, page: Page) -> None:
    """What a part has to be fetched for, in its own order, once that is there."""
    stage.website.tag += QUEUED
    page.goto(stage.website.url)
    assert page.evaluate("returned") == [True] * 9
    until(lambda: len(stage.activity()), 9)

    calls = [(call.get("event") or call["type"], call["anonymousId"] == "visitor-1") for call in stage.activity()]
    of_the_core = [("page", False), ("1", False), ("identify", False), ("2", False), ("3", True), ("4", True)]
    assert calls == [*of_the_core, ("group", True), ("alias", True), ("page", True)]
    assert stage.activity()[-1]["properties"]["path"] == "/virtual"


def sent(stage: Stage) -> dict[str, list[dict[str, Any]]]:
    """What was stored, by the client that sent it, in the order it was said."""
    found: dict[str, list[dict[str, Any]]] = {"anonmsg": [], "analytics.js": []}
    for call in sorted(stage.activity(), key=lambda call: str(call["timestamp"])):
        found[call["context"]["library"]["name"]].append(call)
    return found


def said(call: dict[str, Any]) -> dict[str, Any]:
    """What both say alike: all but what is random, and what each says of itself."""
    context = {name: call["context"].get(name) for name in ("page", "userAgent", "locale", "timezone", "campaign")}
    # Ours keeps what follows the #, which page rules may look at.
    context["page"]["url"] = context["page"]["url"].split("#")[0]
    if call["type"] == "page":
        # Theirs puts what page() was given in the place of where the visitor is.
        del context["page"]
    names = ("type", "event", "name", "category", "properties", "traits", "userId", "groupId", "previousId")
    told = {name: call.get(name) for name in names} | context
    if call["type"] == "alias":
        # Theirs says who the visitor is instead of who they become (analytics-next 1.84).
        del told["userId"]
    return told
