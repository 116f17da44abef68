// The page of an invitation. Its token arrives in the fragment, which no server and no log sees.
// Loading the page changes nothing: link scanners click.
"use strict";

const API = "/api/v1/auth/invitation";
const WORDS = {
  en: {
    heading: "Invitation", name: "Your name", password: "Choose a password",
    hint: "At least 12 characters; several words are best.", accept: "Accept",
    offer: "{organiser} offers {email} the role {role}.",
    done: "Accepted. You can sign in as {email} now.",
    over: "This invitation is over. Ask for a new one.",
    weak: "Please choose another password: this one is too short or easily guessed.",
    missing: "Please give your name and a password.",
    later: "This did not work. Please try again later.",
  },
  de: {
    heading: "Einladung", name: "Ihr Name", password: "Wählen Sie ein Passwort",
    hint: "Mindestens 12 Zeichen, am besten mehrere Wörter.", accept: "Annehmen",
    offer: "{organiser} bietet {email} die Rolle {role} an.",
    done: "Angenommen. Sie können sich jetzt als {email} anmelden.",
    over: "Diese Einladung gilt nicht mehr. Bitten Sie um eine neue.",
    weak: "Bitte wählen Sie ein anderes Passwort: Dieses ist zu kurz oder leicht zu erraten.",
    missing: "Bitte geben Sie Ihren Namen und ein Passwort an.",
    later: "Das hat nicht geklappt. Bitte versuchen Sie es später noch einmal.",
  },
  fr: {
    heading: "Invitation", name: "Votre nom", password: "Choisissez un mot de passe",
    hint: "Au moins 12 caractères ; plusieurs mots de préférence.", accept: "Accepter",
    offer: "{organiser} propose à {email} le rôle {role}.",
    done: "Accepté. Vous pouvez maintenant vous connecter avec {email}.",
    over: "Cette invitation n’est plus valable. Demandez-en une nouvelle.",
    weak: "Choisissez un autre mot de passe : celui-ci est trop court ou facile à deviner.",
    missing: "Indiquez votre nom et un mot de passe.",
    later: "Cela n’a pas fonctionné. Réessayez plus tard.",
  },
};
const language = (navigator.languages || []).map((tag) => tag.slice(0, 2)).find((tag) => tag in WORDS) || "en";
const words = WORDS[language];
const at = (id) => document.getElementById(id);
const say = (key, values = {}) => words[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
const token = location.hash.slice(1);

async function call(path, body) {
  const response = await fetch(API + path, {
    method: "POST",
    credentials: "omit",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  return { ok: response.ok, status: response.status, body: await response.json() };
}

function refusal(answer) {
  if (answer.status !== 422) return say("later");
  const found = answer.body.errors[0];
  if (found.pointer === "/token") return say("over");
  return say(found.code === "required" || found.pointer === "/name" ? "missing" : "weak");
}

function tell(text) {
  at("message").textContent = text;
}

async function begin() {
  document.documentElement.lang = language;
  document.title = say("heading");
  for (const element of document.querySelectorAll("[data-say]")) {
    element.textContent = say(element.dataset.say);
  }
  const answer = await call("/look", { token });
  if (!answer.ok) return tell(refusal(answer));
  const fresh = answer.body.account === "new";
  at("offer").textContent = say("offer", answer.body);
  at("new").hidden = !fresh;
  at("name").required = at("password").required = fresh;
  at("form").hidden = false;
}

async function accept(event) {
  event.preventDefault();
  const body = { token };
  if (!at("new").hidden) Object.assign(body, { name: at("name").value, password: at("password").value });
  const answer = await call("/accept", body);
  if (!answer.ok) return tell(refusal(answer));
  at("form").hidden = true;
  history.replaceState(null, "", location.pathname);
  tell(say("done", answer.body));
}

at("form").addEventListener("submit", (event) => accept(event).catch(() => tell(say("later"))));
begin().catch(() => tell(say("later")));
