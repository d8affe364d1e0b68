import { clock } from "../../state/format";
import type { Utterance } from "../../state/view";
import { saidWords } from "../../state/words";
import { Icon } from "../kit/Icon";

export function UtteranceLine({ utterance }: { utterance: Utterance }) {
  const { who, text, unheard, final, interrupted, at } = utterance;
  const neverHeard = final && interrupted && text === "";
  return (
    <article className={final ? "utterance" : "utterance utterance-interim"}>
      <header className="utterance-head">
        <span className="utterance-who">{who === "myra" ? "Myra" : "You"}</span>
        <time className="utterance-at">{clock(at)}</time>
      </header>
      <p className="utterance-words">
        {neverHeard ? <span className="quiet">Cut off before anything was heard.</span> : saidWords(text)}
        {!final && <span className="sr-only"> (still speaking)</span>}
        {unheard !== "" && (
          <>
            {" "}
            <del className="unheard">
              <span className="sr-only">Interrupted. Not heard: </span>
              {unheard}
            </del>
          </>
        )}
      </p>
      {final && interrupted && (
        <p className="utterance-cut">
          <Icon name="cut" size={14} /> {who === "myra" ? "Interrupted" : "Broken off"}
        </p>
      )}
    </article>
  );
}
