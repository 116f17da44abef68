// The guest's page. The private link arrives in the fragment, which no server and no log sees;
// it goes to the API of this host only. Loading the page changes nothing: link scanners click.
"use strict";

const KEPT = "eventsvc-private-link";
const API = "/api/v1/my";
const LANGUAGE = document.documentElement.lang;

const WORDS = {
  en: {
    untitled: "My registration", when: "When", where: "Where", online: "Online",
    date_open: "The date is not fixed yet", place_open: "The place is not fixed yet",
    name: "Name", code: "Your code", code_hint: "Show it at check-in.", mode: "You take part",
    on_site: "on site", as_online: "online", public_page: "Programme of the event",
    join: "Join online", your_place: "Your place",
    event_cancelled: "This event was cancelled.",
    event_postponed: "This event was postponed. A new date will follow.",
    states: {
      pending_proof: "Please confirm your e-mail address. Only then can a place be yours.",
      pending_approval: "Your registration has arrived. The organiser still has to approve it.",
      waitlisted: "You are on the waiting list.",
      offered: "A place is held for you. Please accept it.",
      confirmed: "You are registered.", cancelled: "Your registration was cancelled.",
      attended: "You were there. Thank you for coming.", no_show: "You did not attend.",
    },
    number: "You are number {n} of {all} on the waiting list.",
    until: "The offer holds until {when}.",
    confirm: "Confirm my registration", accept: "Accept the place",
    back: "No, stay on the waiting list",
    cancel: "Cancel my registration", cancel_ask: "Do you really want to cancel? Your place and your bookings go to somebody else.",
    cancel_yes: "Yes, cancel it", keep: "No, keep it",
    bookings: "My bookings", no_bookings: "You have booked nothing yet.",
    booking: { waitlisted: "On the waiting list", offered: "A seat is held for you", confirmed: "Booked", cancelled: "Cancelled", attended: "You were there", no_show: "You did not attend" },
    booking_number: "Number {n} on the waiting list",
    booking_accept: "Accept the seat", booking_cancel: "Cancel this booking",
    booking_ask: "Do you really want to give this seat back?",
    calendar: "My programme in my calendar",
    calendar_hint: "With your own address, your calendar program shows your programme and follows every change. Keep the address to yourself: who has it can read your programme. A new address replaces an older one, which then stops working.",
    mint: "Make a calendar address", address: "Your calendar address", copy: "Copy", copied: "Copied.",
    webcal: "Open in my calendar program", google: "Add to Google Calendar", outlook: "Add to Outlook",
    minted: "Here is your calendar address. It is shown only now.",
    done: "Done.", loading_error: "Try again",
    no_link: "Please open this page with the link from your mail.",
    errors: {
      401: "This link has ended. Please use the link from the newest mail, or ask the organiser for a new one.",
      403: "This link does not allow that.",
      404: "This is not there any more. The page now shows the present state.",
      409: "This is not possible any more. The page now shows the present state.",
      429: "That was too often. Please wait a minute and try again.",
      0: "There is no connection. Please try again.",
      other: "That did not work. Please try again later.",
      "cancellation-closed": "It is too late to cancel here. Please write to the organiser.",
      "registration-closed": "Registration for this event is closed.",
      "sold-out": "All places are taken, and the waiting list takes no more.",
      "offer-ended": "The offer has ended. The place has gone to the next.",
      archived: "This event is over; nothing can be changed any more.",
    },
  },
  de: {
    untitled: "Meine Anmeldung", when: "Wann", where: "Wo", online: "Online",
    date_open: "Der Termin steht noch nicht fest", place_open: "Der Ort steht noch nicht fest",
    name: "Name", code: "Ihr Code", code_hint: "Zeigen Sie ihn am Einlass.", mode: "Sie nehmen teil",
    on_site: "vor Ort", as_online: "online", public_page: "Programm der Veranstaltung",
    join: "Online teilnehmen", your_place: "Ihr Platz",
    event_cancelled: "Diese Veranstaltung wurde abgesagt.",
    event_postponed: "Diese Veranstaltung wurde verschoben. Ein neuer Termin folgt.",
    states: {
      pending_proof: "Bitte bestätigen Sie Ihre E-Mail-Adresse. Erst dann können Sie einen Platz bekommen.",
      pending_approval: "Ihre Anmeldung ist da. Der Veranstalter muss ihr noch zustimmen.",
      waitlisted: "Sie stehen auf der Warteliste.",
      offered: "Ein Platz ist für Sie frei gehalten. Bitte nehmen Sie ihn an.",
      confirmed: "Sie sind angemeldet.", cancelled: "Ihre Anmeldung wurde storniert.",
      attended: "Sie waren dabei. Danke, dass Sie gekommen sind.", no_show: "Sie waren nicht da.",
    },
    number: "Sie sind Nummer {n} von {all} auf der Warteliste.",
    until: "Das Angebot gilt bis {when}.",
    confirm: "Anmeldung bestätigen", accept: "Platz annehmen",
    back: "Nein, auf der Warteliste bleiben",
    cancel: "Anmeldung stornieren", cancel_ask: "Möchten Sie wirklich stornieren? Ihr Platz und Ihre Buchungen gehen an andere.",
    cancel_yes: "Ja, stornieren", keep: "Nein, behalten",
    bookings: "Meine Buchungen", no_bookings: "Sie haben noch nichts gebucht.",
    booking: { waitlisted: "Auf der Warteliste", offered: "Ein Platz ist für Sie frei gehalten", confirmed: "Gebucht", cancelled: "Storniert", attended: "Sie waren dabei", no_show: "Sie waren nicht da" },
    booking_number: "Nummer {n} auf der Warteliste",
    booking_accept: "Platz annehmen", booking_cancel: "Diese Buchung stornieren",
    booking_ask: "Möchten Sie diesen Platz wirklich zurückgeben?",
    calendar: "Mein Programm in meinem Kalender",
    calendar_hint: "Mit einer eigenen Adresse zeigt Ihr Kalenderprogramm Ihr Programm und folgt jeder Änderung. Behalten Sie die Adresse für sich: Wer sie hat, kann Ihr Programm lesen. Eine neue Adresse ersetzt eine ältere, die dann nicht mehr gilt.",
    mint: "Kalenderadresse erzeugen", address: "Ihre Kalenderadresse", copy: "Kopieren", copied: "Kopiert.",
    webcal: "In meinem Kalenderprogramm öffnen", google: "Zu Google Kalender hinzufügen", outlook: "Zu Outlook hinzufügen",
    minted: "Hier ist Ihre Kalenderadresse. Sie wird nur jetzt gezeigt.",
    done: "Erledigt.", loading_error: "Noch einmal versuchen",
    no_link: "Bitte öffnen Sie diese Seite mit dem Link aus Ihrer E-Mail.",
    errors: {
      401: "Dieser Link gilt nicht mehr. Bitte nehmen Sie den Link aus der neuesten E-Mail oder bitten Sie den Veranstalter um einen neuen.",
      403: "Mit diesem Link geht das nicht.",
      404: "Das gibt es nicht mehr. Die Seite zeigt jetzt den heutigen Stand.",
      409: "Das ist nicht mehr möglich. Die Seite zeigt jetzt den heutigen Stand.",
      429: "Das war zu oft. Bitte warten Sie eine Minute und versuchen Sie es noch einmal.",
      0: "Es gibt keine Verbindung. Bitte versuchen Sie es noch einmal.",
      other: "Das hat nicht geklappt. Bitte versuchen Sie es später noch einmal.",
      "cancellation-closed": "Zum Stornieren ist es hier zu spät. Bitte schreiben Sie dem Veranstalter.",
      "registration-closed": "Die Anmeldung zu dieser Veranstaltung ist geschlossen.",
      "sold-out": "Alle Plätze sind vergeben, und die Warteliste ist voll.",
      "offer-ended": "Das Angebot ist abgelaufen. Den Platz bekommt die nächste Person.",
      archived: "Diese Veranstaltung ist vorbei; es lässt sich nichts mehr ändern.",
    },
  },
  fr: {
    untitled: "Mon inscription", when: "Quand", where: "Où", online: "En ligne",
    date_open: "La date n’est pas encore fixée", place_open: "Le lieu n’est pas encore fixé",
    name: "Nom", code: "Votre code", code_hint: "Présentez-le à l’accueil.", mode: "Vous participez",
    on_site: "sur place", as_online: "en ligne", public_page: "Programme de l’événement",
    join: "Participer en ligne", your_place: "Votre place",
    event_cancelled: "Cet événement est annulé.",
    event_postponed: "Cet événement est reporté. Une nouvelle date suivra.",
    states: {
      pending_proof: "Veuillez confirmer votre adresse électronique. Une place ne peut vous revenir qu’ensuite.",
      pending_approval: "Votre inscription est arrivée. L’organisateur doit encore l’accepter.",
      waitlisted: "Vous êtes sur la liste d’attente.",
      offered: "Une place vous est réservée. Veuillez l’accepter.",
      confirmed: "Vous êtes inscrit(e).", cancelled: "Votre inscription est annulée.",
      attended: "Vous étiez là. Merci d’être venu(e).", no_show: "Vous n’êtes pas venu(e).",
    },
    number: "Vous êtes numéro {n} sur {all} sur la liste d’attente.",
    until: "L’offre est valable jusqu’au {when}.",
    confirm: "Confirmer mon inscription", accept: "Accepter la place",
    back: "Non, rester sur la liste d’attente",
    cancel: "Annuler mon inscription", cancel_ask: "Voulez-vous vraiment annuler ? Votre place et vos réservations iront à quelqu’un d’autre.",
    cancel_yes: "Oui, annuler", keep: "Non, la garder",
    bookings: "Mes réservations", no_bookings: "Vous n’avez encore rien réservé.",
    booking: { waitlisted: "Sur la liste d’attente", offered: "Une place vous est réservée", confirmed: "Réservé", cancelled: "Annulé", attended: "Vous étiez là", no_show: "Vous n’êtes pas venu(e)" },
    booking_number: "Numéro {n} sur la liste d’attente",
    booking_accept: "Accepter la place", booking_cancel: "Annuler cette réservation",
    booking_ask: "Voulez-vous vraiment rendre cette place ?",
    calendar: "Mon programme dans mon calendrier",
    calendar_hint: "Avec votre propre adresse, votre calendrier montre votre programme et suit chaque changement. Gardez-la pour vous : qui la possède peut lire votre programme. Une nouvelle adresse remplace la précédente, qui cesse de fonctionner.",
    mint: "Créer une adresse de calendrier", address: "Votre adresse de calendrier", copy: "Copier", copied: "Copié.",
    webcal: "Ouvrir dans mon calendrier", google: "Ajouter à Google Agenda", outlook: "Ajouter à Outlook",
    minted: "Voici votre adresse de calendrier. Elle n’est montrée que maintenant.",
    done: "C’est fait.", loading_error: "Réessayer",
    no_link: "Veuillez ouvrir cette page avec le lien reçu par courriel.",
    errors: {
      401: "Ce lien n’est plus valable. Veuillez utiliser le lien du courriel le plus récent, ou en demander un nouveau à l’organisateur.",
      403: "Ce lien ne le permet pas.",
      404: "Cela n’existe plus. La page montre maintenant l’état actuel.",
      409: "Ce n’est plus possible. La page montre maintenant l’état actuel.",
      429: "C’était trop souvent. Veuillez patienter une minute et réessayer.",
      0: "Il n’y a pas de connexion. Veuillez réessayer.",
      other: "Cela n’a pas fonctionné. Veuillez réessayer plus tard.",
      "cancellation-closed": "Il est trop tard pour annuler ici. Veuillez écrire à l’organisateur.",
      "registration-closed": "Les inscriptions à cet événement sont closes.",
      "sold-out": "Toutes les places sont prises, et la liste d’attente est complète.",
      "offer-ended": "L’offre a expiré. La place revient à la personne suivante.",
      archived: "Cet événement est terminé ; plus rien ne peut être modifié.",
    },
  },
};
const SAY = WORDS[LANGUAGE] || WORDS.en;
const message = document.getElementById("message");
const heading = document.getElementById("heading");
const content = document.getElementById("content");
let link = null;

class Refused extends Error {
  constructor(status, code) {
    super(code || String(status));
    this.status = status;
    this.code = code;
  }
}

// ---- the link ------------------------------------------------------------------------------

function takeLink() {
  const given = window.location.hash.slice(1);
  if (given) {
    window.history.replaceState(null, "", window.location.pathname + window.location.search);
  }
  if (/^evl_[A-Za-z0-9_-]{20,200}$/.test(given)) {
    link = given;
    try { window.sessionStorage.setItem(KEPT, given); } catch { /* kept in this page alone */ }
  } else if (link === null) {
    try { link = window.sessionStorage.getItem(KEPT); } catch { link = null; }
  }
}

function dropLink() {
  link = null;
  try { window.sessionStorage.removeItem(KEPT); } catch { /* it was not kept */ }
}

async function ask(path, body) {
  const options = {
    headers: { Authorization: `Bearer ${link}`, Accept: "application/json" },
    cache: "no-store", credentials: "omit", referrerPolicy: "no-referrer",
  };
  if (body !== undefined) {
    options.method = "POST";
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  let answer;
  try { answer = await fetch(API + path, options); } catch { throw new Refused(0); }
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(answer.status, said.code);
  return said;
}

async function allBookings() {
  const found = [];
  let cursor = null;
  do {
    const page = await ask(`/bookings${cursor ? `?cursor=${encodeURIComponent(cursor)}` : ""}`);
    found.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor);
  return found;
}

// ---- words ---------------------------------------------------------------------------------

function put(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

function instant(iso, zone, dayOnly) {
  const style = { weekday: "long", day: "numeric", month: "long", year: "numeric" };
  if (!dayOnly) Object.assign(style, { hour: "2-digit", minute: "2-digit" });
  const english = LANGUAGE === "en" ? "en-GB" : LANGUAGE;
  return new Intl.DateTimeFormat(english, { ...style, timeZone: zone || "UTC" }).format(iso);
}

function dates(event) {
  if (!event.starts_at) return SAY.date_open;
  const starts = new Date(event.starts_at);
  const whole = event.all_day;
  const first = instant(starts, event.timezone, whole);
  const zone = whole ? "" : ` (${event.timezone || "UTC"})`;
  if (!event.ends_at) return first + zone;
  // the end of a whole day is the next midnight
  const ends = new Date(new Date(event.ends_at).getTime() - (whole ? 1000 : 0));
  const last = instant(ends, event.timezone, whole);
  return (first === last ? first : `${first} – ${last}`) + zone;
}

function place(event) {
  if (event.mode === "online") return SAY.online;
  let country = event.country;
  if (country) {
    try { country = new Intl.DisplayNames([LANGUAGE], { type: "region" }).of(country); } catch { /* its code */ }
  }
  const parts = [event.city, country].filter(Boolean);
  return parts.length ? parts.join(", ") : SAY.place_open;
}

function tell(text, bad = false) {
  message.textContent = text;
  message.classList.toggle("bad", bad);
}

function explain(refusal) {
  const { status, code } = refusal instanceof Refused ? refusal : { status: -1 };
  return SAY.errors[code] || SAY.errors[status] || SAY.errors.other;
}

// ---- parts of the page; every value goes in as text --------------------------------------------

function part(tag, text, className) {
  const made = document.createElement(tag);
  if (text !== undefined && text !== null) made.textContent = text;
  if (className) made.className = className;
  return made;
}

function anchor(text, address) {
  const made = part("a", text);
  if (/^(https?|webcal):\/\//i.test(address) || /^\/(?!\/)/.test(address)) made.href = address;
  made.rel = "noopener noreferrer";
  return made;
}

function button(text, act, className) {
  const made = part("button", text, className);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

function section(title) {
  const made = part("section");
  const head = part("h2", title);
  made.append(head);
  made.setAttribute("aria-label", title);
  return made;
}

function facts(rows) {
  const list = part("dl");
  for (const [name, value] of rows) {
    if (value) list.append(part("dt", name), part("dd", value));
  }
  return list;
}

// A second step before something is given back.
function twoSteps(text, question, yes, act) {
  const box = part("div");
  const opener = button(text, open, "grave");
  const shut = () => { box.replaceChildren(opener); opener.focus(); };
  function open() {
    const asked = part("div", null, "ask");
    asked.setAttribute("role", "group");
    asked.setAttribute("aria-label", question);
    const row = part("div", null, "actions");
    const no = button(SAY.keep, shut);
    row.append(button(yes, act, "grave"), no);
    asked.append(part("p", question), row);
    box.replaceChildren(asked);
    no.focus();
  }
  box.append(opener);
  return box;
}

// ---- the page ------------------------------------------------------------------------------

function stateWords(own) {
  if (own.state === "pending") {
    return SAY.states[own.awaits === "proof" ? "pending_proof" : "pending_approval"];
  }
  return SAY.states[own.state] || own.state;
}

function eventPart(own) {
  const event = own.event;
  const made = section(event.title);
  if (event.state === "cancelled") made.append(part("p", SAY.event_cancelled, "notice"));
  if (event.state === "postponed") made.append(part("p", SAY.event_postponed, "notice"));
  made.append(facts([[SAY.when, dates(event)], [SAY.where, place(event)]]));
  const page = part("p");
  const path = [event.series || "-", event.slug].map(encodeURIComponent).join("/");
  page.append(anchor(SAY.public_page, `/events/${path}`));
  made.append(page);
  return made;
}

function placePart(own) {
  const made = section(SAY.your_place);
  made.append(part("p", stateWords(own), "state"));
  if (own.state === "waitlisted" && own.waitlist_position) {
    const numbers = { n: own.waitlist_position, all: own.waitlist_length };
    made.append(part("p", put(SAY.number, numbers)));
  }
  if (own.state === "offered" && own.offer_ends_at) {
    const zone = own.event.timezone;
    const when = `${instant(new Date(own.offer_ends_at), zone)} (${zone || "UTC"})`;
    made.append(part("p", put(SAY.until, { when })));
  }
  made.append(facts([[SAY.name, own.name], [SAY.mode, own.mode === "online" ? SAY.as_online : SAY.on_site]]));
  if (["confirmed", "attended"].includes(own.state)) {
    made.append(part("p", SAY.code, "soft"), part("p", own.code, "code"), part("p", SAY.code_hint, "soft"));
  }
  if (own.join_url) {
    const join = part("p");
    join.append(anchor(SAY.join, own.join_url));
    made.append(join);
  }
  made.append(placeActions(own));
  return made;
}

function placeActions(own) {
  const row = part("div", null, "actions");
  const move = (to) => () => act("/registration/transitions", { to });
  if (own.state === "pending" && own.awaits === "proof") {
    row.append(button(SAY.confirm, () => act("/registration/confirm", {}), "main"));
  }
  if (own.state === "offered") {
    row.append(button(SAY.accept, move("confirmed"), "main"), button(SAY.back, move("waitlisted")));
  }
  if (["pending", "waitlisted", "confirmed"].includes(own.state)) {
    row.append(twoSteps(SAY.cancel, SAY.cancel_ask, SAY.cancel_yes, move("cancelled")));
  }
  return row;
}

function bookingsPart(bookings) {
  const made = section(SAY.bookings);
  if (!bookings.length) made.append(part("p", SAY.no_bookings, "soft"));
  const list = part("ul");
  for (const booking of bookings) list.append(bookingRow(booking));
  if (bookings.length) made.append(list);
  return made;
}

function bookingRow(booking) {
  const row = part("li");
  const waits = booking.state === "waitlisted" && booking.waitlist_position;
  const state = waits ? put(SAY.booking_number, { n: booking.waitlist_position }) : SAY.booking[booking.state];
  row.append(part("strong", booking.title), part("p", state, "soft"));
  const path = `/bookings/${encodeURIComponent(booking.id)}/transitions`;
  const move = (to) => () => act(path, { to });
  const actions = part("div", null, "actions");
  if (booking.state === "offered") actions.append(button(SAY.booking_accept, move("confirmed"), "main"));
  if (["waitlisted", "confirmed"].includes(booking.state)) {
    actions.append(twoSteps(SAY.booking_cancel, SAY.booking_ask, SAY.cancel_yes, move("cancelled")));
  }
  if (actions.childElementCount) row.append(actions);
  for (const one of actions.querySelectorAll("button")) one.setAttribute("aria-label", `${one.textContent}: ${booking.title}`);
  return row;
}

function calendarPart() {
  const made = section(SAY.calendar);
  const place = part("div");
  const mint = async () => {
    try {
      await during(async () => {
        showAddress(place, await ask("/calendar", {}));
        tell(SAY.minted);
      });
    } catch (refusal) {
      fail(refusal);
      message.focus();
    }
  };
  made.append(part("p", SAY.calendar_hint), button(SAY.mint, mint), place);
  return made;
}

function showAddress(place, links) {
  const label = part("label", SAY.address);
  const field = part("input");
  field.id = "calendar-address";
  field.readOnly = true;
  field.value = links.address;
  label.htmlFor = field.id;
  const row = part("div", null, "actions");
  if (navigator.clipboard) {
    row.append(button(SAY.copy, () => navigator.clipboard.writeText(links.address).then(() => tell(SAY.copied), () => field.select())));
  }
  const ways = part("p", null, "links");
  for (const name of ["webcal", "google", "outlook"]) ways.append(anchor(SAY[name], links[name]), " ");
  place.replaceChildren(label, field, row, ways);
  field.focus();
  field.select();
}

function show(own, bookings) {
  heading.textContent = SAY.untitled;
  document.title = `${SAY.untitled}: ${own.event.title}`;
  const parts = [placePart(own), eventPart(own)];
  if (["confirmed", "attended"].includes(own.state) || bookings.length) {
    parts.push(bookingsPart(bookings));
  }
  if (own.state === "confirmed") parts.push(calendarPart());
  content.replaceChildren(...parts);
}

async function during(work) {
  for (const one of content.querySelectorAll("button")) one.disabled = true;
  try {
    await work();
  } finally {
    for (const one of content.querySelectorAll("button")) one.disabled = false;
  }
}

async function fetchAndShow() {
  const own = await ask("/registration");
  show(own, await allBookings());
}

function fail(refusal) {
  tell(explain(refusal), true);
  if (refusal.status === 401) {
    dropLink();
    content.replaceChildren();
  }
}

// One step of the guest: do it, then show what is true now, whatever the answer was.
async function act(path, body) {
  let refused = null;
  await during(async () => {
    try { await ask(path, body); } catch (refusal) { refused = refusal; }
    try { await fetchAndShow(); } catch (refusal) { refused = refused || refusal; }
  });
  if (refused) fail(refused);
  else tell(SAY.done);
  message.focus();
}

async function start() {
  takeLink();
  content.replaceChildren();
  if (!link) {
    tell(SAY.no_link, true);
    return;
  }
  tell(message.dataset.loading);
  try {
    await fetchAndShow();
    tell("");
  } catch (refusal) {
    fail(refusal);
    if (refusal.status !== 401) content.replaceChildren(button(SAY.loading_error, start, "main"));
  }
}

window.addEventListener("hashchange", () => { if (window.location.hash) start(); });
start();
