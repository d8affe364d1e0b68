import { Icon, type IconName } from "../kit/Icon";

const EXAMPLES: readonly { icon: IconName; title: string; says: string }[] = [
  { icon: "search", title: "Find a booking", says: "When does my flight leave? The reference is C\u00a0Y\u00a0M\u00a04\u00a02\u00a07." },
  { icon: "plane", title: "Change a date", says: "I would like to fly three days later. What does that cost?" },
  { icon: "close", title: "Cancel", says: "Please cancel my booking. How much do I get back?" },
  { icon: "check", title: "Check in", says: "Check me in, and a window seat, please." },
  { icon: "send", title: "Papers", says: "Could you send me the e-ticket again?" },
  { icon: "alert", title: "A claim", says: "My flight was delayed. What am I due?" },
  { icon: "info", title: "A question", says: "How many bags may I take along?" },
  { icon: "phone", title: "A colleague", says: "I would rather talk to a person." },
];

export function Examples() {
  return (
    <section className="examples" aria-labelledby="examples-heading">
      <h2 id="examples-heading">What you can ask her</h2>
      <ul>
        {EXAMPLES.map(({ icon, title, says }) => (
          <li key={title}>
            <span className="example-icon">
              <Icon name={icon} size={18} />
            </span>
            <div>
              <h3>{title}</h3>
              <q>{says}</q>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
