// Both sides' words and what Myra does, in order of time.

import { memo, useEffect, useRef, useState } from "react";

import { useCallView } from "../../hooks/useVoice";
import type { Item } from "../../state/view";
import { saidWords } from "../../state/words";
import { Button } from "../kit/Button";
import { ToolLine } from "./ToolLine";
import { UtteranceLine } from "./UtteranceLine";

/** This near to the end the reader wants to see what comes. */
const NEAR_PX = 80;
/** A long call is drawn from here on, and further back on demand: each word redraws the list. */
const SHOWN = 200;

export function Conversation() {
  const items = useCallView((view) => view.items);
  const over = useCallView((view) => view.phase === "over");
  const [shown, setShown] = useState(SHOWN);
  const { list, away, toEnd, onScroll } = useStaysAtEnd(items);
  return (
    <div className="conversation">
      <div
        ref={list}
        className="conversation-scroll"
        onScroll={onScroll}
        tabIndex={0}
        role="region"
        aria-label="What was said"
      >
        {items.length === 0 ? (
          <p className="conversation-empty">{over ? "Nothing was said." : "What you and Myra say appears here."}</p>
        ) : (
          <>
            {items.length > shown && (
              <Button size="small" onClick={() => setShown(shown + SHOWN)}>
                What was said before
              </Button>
            )}
            <Entries items={items.slice(-shown)} />
          </>
        )}
      </div>
      {away && (
        <div className="conversation-newest">
          <Button size="small" icon="down" onClick={toEnd}>
            Newest
          </Button>
        </div>
      )}
      <Announced items={items} />
    </div>
  );
}

function Entries({ items }: { items: Item[] }) {
  return (
    <ol className="conversation-list">
      {items.map((item) => (
        <li key={item.key} className={`entry entry-${item.kind === "utterance" ? item.who : item.kind}`}>
          <Entry item={item} />
        </li>
      ))}
    </ol>
  );
}

const Entry = memo(function Entry({ item }: { item: Item }) {
  if (item.kind === "tool") return <ToolLine tool={item} />;
  if (item.kind === "divider") return <p className="divider">{item.text}</p>;
  return <UtteranceLine utterance={item} />;
});

/** Only what is final is read out: words that still change would be read over and over. */
function Announced({ items }: { items: Item[] }) {
  const newest = items.findLast((item) => item.kind === "utterance" && item.final);
  const words =
    newest?.kind === "utterance"
      ? `${newest.who === "myra" ? "Myra" : "You"}: ${saidWords(newest.text)}${newest.interrupted ? ". Interrupted here." : ""}`
      : "";
  return (
    <p className="sr-only" aria-live="polite" data-testid="announced">
      {words}
    </p>
  );
}

function useStaysAtEnd(items: Item[]) {
  const list = useRef<HTMLDivElement>(null);
  const stays = useRef(true);
  const [away, setAway] = useState(false);
  const toEnd = () => {
    const element = list.current;
    element?.scrollTo({ top: element.scrollHeight });
  };
  const onScroll = () => {
    const element = list.current;
    if (!element) return;
    stays.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_PX;
    setAway(!stays.current);
  };
  useEffect(() => {
    if (stays.current) toEnd();
  }, [items]);
  useEffect(() => {
    const element = list.current;
    if (!element) return;
    const resized = new ResizeObserver(() => {
      if (stays.current) element.scrollTo({ top: element.scrollHeight });
    });
    resized.observe(element);
    return () => resized.disconnect();
  }, []);
  return { list, away, toEnd, onScroll };
}
