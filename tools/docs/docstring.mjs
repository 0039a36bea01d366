// Takes a docstring apart: what it says, and its tags.

/**
 * @typedef {object} Docstring
 * @property {string} sentence the first sentence
 * @property {string} body what follows it
 * @property {Map<string, string>} params
 * @property {string} returns
 * @property {string[]} throws
 * @property {string[]} see
 * @property {string} deprecated
 * @property {string[]} examples code
 */

/**
 * @param {string | undefined} text without the stars
 * @returns {Docstring}
 */
export function parseDocstring(text) {
  /** @type {Docstring} */
  const doc = {
    sentence: "",
    body: "",
    params: new Map(),
    returns: "",
    throws: [],
    see: [],
    deprecated: "",
    examples: [],
  };
  const [words = "", ...tags] = `\n${text ?? ""}`.split(/^(?=@[a-z]+\b)/im);
  [doc.sentence, doc.body] = firstSentence(words.trim());
  for (const tag of tags) {
    const [, name = "", content = ""] = /^@(\w+)\s*([^]*)$/.exec(tag) ?? [];
    const value = content.trim();
    if (name === "param") {
      const [, param = "", description = ""] = /^(\S+)\s*([^]*)$/.exec(value) ?? [];
      doc.params.set(param, description);
    } else if (name === "returns") doc.returns = value;
    else if (name === "throws") doc.throws.push(value);
    else if (name === "see") doc.see.push(value);
    else if (name === "deprecated") doc.deprecated = value;
    else if (name === "example") doc.examples.push(withoutFences(value));
  }
  return doc;
}

/**
 * The first sentence of a text and the rest. A sentence ends with its paragraph at the latest; full stops inside of
 * parentheses, code and numbers end none.
 *
 * @param {string} text
 * @returns {[string, string]}
 */
function firstSentence(text) {
  let depth = 0;
  let inCode = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === "`") inCode = !inCode;
    else if (inCode) continue;
    else if (c === "(") depth++;
    else if (c === ")") depth--;
    const paragraph = c === "\n" && text[i + 1] === "\n";
    const sentence = c === "." && depth <= 0 && /^\.\s+[^a-z]/.test(text.slice(i, i + 4));
    if (paragraph || sentence) return [oneLine(text.slice(0, i + 1)), text.slice(i + 1).trim()];
  }
  return [oneLine(text), ""];
}

/** @param {string} text */
const oneLine = (text) => text.trim().replace(/\s+/g, " ");

/** @param {string} text */
function withoutFences(text) {
  const fenced = [...text.matchAll(/^```\w*\n([^]*?)^```/gm)].map(([, code = ""]) => code.trimEnd());
  return fenced.length > 0 ? fenced.join("\n") : text;
}

/**
 * The default that the description of an option names, and the description without it: "Default 0.9.", "Default none.",
 * or `"valid"` (default).
 *
 * @param {string} text
 * @returns {{ value: string | undefined, text: string }}
 */
export function takeDefault(text) {
  const own = /(?:^|\s)Default:? ((?:`[^`]*`|[^.`]|\.(?=\S))+)(?:\.|$)/.exec(text);
  if (own !== null) {
    const rest = `${text.slice(0, own.index)} ${text.slice(own.index + own[0].length)}`.trim();
    return { value: (own[1] ?? "").trim().replace(/\s+/g, " "), text: rest };
  }
  const aside = /\(default:? ([^()]+)\)/.exec(text);
  if (aside !== null)
    return { value: aside[1], text: text.replace(aside[0], "").replace(/\s+([.,:;])/g, "$1") };
  const marked = /`([^`]*)` \((?:the )?default\)/.exec(text);
  return { value: marked === null ? undefined : `\`${marked[1]}\``, text };
}

/**
 * What the description of a parameter says of the options in it: "`strides` (default 1), `axis`: along which (default -1)".
 *
 * @param {string} text
 * @returns {Map<string, { value: string | undefined, text: string }>}
 */
export function listedOptions(text) {
  const found = new Map();
  const plain = text.replace(/\s+/g, " ");
  // Parts end at semicolons, and at commas before the name of another option.
  for (const part of plain.split(
    /(?<!\([^)]*);\s+|(?<!\([^)]*),\s+(?=(?:and )?`\w+`(?!\s*[·*+/]))|\s+and (?=`\w+`[:, (])/,
  )) {
    const [, name = "", rest = ""] = /^(?:and )?`(\w+)`\s*(.*)$/.exec(part.trim()) ?? [];
    if (name === "" || found.has(name)) continue;
    const value =
      /\((?:[^()]*?, )?(?:the )?default:? ((?:`[^`]*`|\[[^\]]*\]|\([^()]*\)|[^()`;])+?)(?:[,;] [^()]*)?\)/.exec(
        rest,
      );
    const short = /^\((-?[\d.]+(?:e-?\d+)?|true|false|"[^"]*"|`[^`]*`|\[[^\]]*\])\)/.exec(rest);
    const marked = /(?:`([^`]*)`|(\S+)) \((?:the )?default\)/.exec(rest);
    const said = rest.replace((value ?? short)?.[0] ?? "", "");
    found.set(name, {
      value: value?.[1] ?? short?.[1] ?? (marked?.[1] === undefined ? marked?.[2] : `\`${marked[1]}\``),
      text: said
        .replace(/^[\s:,]+/, "")
        .replace(/\s+([.,:;])/g, "$1")
        .trim(),
    });
  }
  return found;
}
