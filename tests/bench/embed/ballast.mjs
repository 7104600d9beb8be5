import { Random } from "./random.mjs";

/**
 * Program text of the kind that fills a bundled chat widget: modules of small functions, classes, schemas and tables, none
 * like another. A module is a function that is compiled when it is first called, and so are the functions in it.
 */
export class Ballast {
  #random;
  #words;
  #names;
  #count = 0;

  /** @param {number} seed */
  constructor(seed) {
    this.#random = new Random(seed);
    this.#words = words(this.#random, 1200);
    this.#names = names(400);
  }

  /**
   * Modules in a list literal, together `length` characters or a little more. Called with a number, each defines itself, and
   * calls what it has defined.
   *
   * @param {number} length
   */
  modules(length) {
    let text = "[";
    while (text.length < length) text += `${this.#module()},\n`;
    return `${text}]`;
  }

  /**
   * Texts of the interface in many languages, as an object literal.
   *
   * @param {number} length
   */
  texts(length) {
    let text = "{";
    while (text.length < length) {
      text += `t${this.#count++}:{${this.#list(24, () => `${this.#name()}:"${this.#phrase(5)}"`)}},\n`;
    }
    return `${text}}`;
  }

  /**
   * Style rules for a frame, as the vendor puts some 45 KB of them into each of its two.
   *
   * @param {number} length
   */
  styles(length) {
    const random = this.#random;
    const property = () =>
      random.of([
        () => `padding:${random.below(40)}px ${random.below(40)}px`,
        () => `margin-${random.of(["top", "left", "right", "bottom"])}:${random.below(64)}px`,
        () => `color:#${random.below(0xffffff).toString(16).padStart(6, "0")}`,
        () => `border-radius:${random.below(24)}px`,
        () => `display:${random.of(["flex", "grid", "block", "inline-flex"])}`,
        () => `transition:opacity ${random.below(400)}ms`,
      ])();
    let text = "";
    while (text.length < length) {
      text += `.${this.#word()}-${random.below(96)}${random.of(["", ":hover", ":focus", ">*"])}{${property()};${property()}}`;
    }
    return text;
  }

  #module() {
    const random = this.#random;
    const functions = this.#list(14, (index) => this.#function(index), "");
    const calls = this.#list(14, (index) => `s+=f${index}(s,n+${index},t)|0`, ";");
    const table = this.#list(10, () => `${this.#name()}:"${this.#phrase(2)}"`);
    return `function(n){var s=${random.below(9999)},t={${table},list:[${this.#list(12, () => this.#number())}]};${functions}${this.#schema()}${calls};return s+c0.build(t,n)}`;
  }

  /** A small function of two numbers and a table that gives a number. */
  #function(index) {
    // The end of each keeps the three apart, and from the locals.
    const [a, b, c] = ["", "_", "$"].map((end) => `${this.#random.of(this.#names)}_${end}`);
    const body = this.#list(3, () => this.#statement(a, b, c), "");
    return `function f${index}(${a},${b},${c}){${body}return ${this.#expression(a, b)}}`;
  }

  #statement(a, b, c) {
    const random = this.#random;
    const name = this.#name();
    const local = `${random.early(this.#names)}$`;
    return random.of([
      () =>
        `if(${this.#expression(a, b)}>${this.#number()}){${a}=${this.#expression(a, b)}}else ${b}^=${this.#number()};`,
      () =>
        `for(var ${local}=0;${local}<${2 + random.below(4)};${local}++)${a}=${this.#expression(a, local)}|0;`,
      () =>
        `var ${local}=Object.assign({},${c},{${name}:${this.#expression(a, b)},"${this.#word()}":"${this.#phrase(3)}"});${b}+=Object.keys(${local}).length;`,
      () =>
        `switch(${b}&3){case 0:${a}+=${this.#number()};break;case 1:${a}=${this.#expression(b, a)};break;default:${c}.${name}="${this.#phrase(2)}"}`,
      () =>
        `var ${local}=[${this.#list(4, () => `"${this.#word()}"`)}].map(function(e,i){return e.length*i+${a}}).filter(function(e){return e&1});${b}+=${local}.length;`,
      () =>
        `var ${local}=function(e){return e?${this.#expression("e", b)}:{type:"${this.#word()}",props:{className:"${this.#phrase(4)}",onClick:function(){${local}(0)}}}};${a}+=${local}(${b})|0;`,
      () =>
        `var ${local}=/^${this.#word()}[a-z0-9-]{1,${2 + random.below(30)}}$/i;if(${local}.test("${this.#word()}-${random.below(99)}"))${a}++;`,
      () => `try{${c}.list.push(${this.#expression(a, b)})}catch(e){throw new Error("${this.#phrase(6)}")}`,
    ])();
  }

  #schema() {
    const fields = this.#list(
      5,
      () =>
        `${this.#name()}:{type:"${this.#random.of(["string", "number", "boolean", "array"])}",title:"${this.#phrase(3)}",min:${this.#random.below(64)}}`,
    );
    return `class c0{constructor(e){this.shape={${fields}};this.e=e}check(e){for(var k in this.shape)if(typeof e[k]!==this.shape[k].type)return k;return null}static build(e,n){var s=0;for(var i=0;i<n;i++){var o=new c0(e);s+=o.check(e)?1:0}return s}}`;
  }

  #expression(a, b) {
    const random = this.#random;
    return random.of([
      () => `(${a}*${this.#number()}+${b}|0)`,
      () => `(${a}^${b}>>>${random.below(16)})`,
      () => `Math.imul(${a},${this.#number()})`,
      () => `(${a}>${b}?${a}-${this.#number()}:${b}&${this.#number()})`,
      () => `("${this.#word()}".charCodeAt(${a}&3)|${b})`,
    ])();
  }

  #number() {
    return this.#random.below(this.#random.of([10, 100, 5000, 65536]));
  }

  #word() {
    return this.#random.early(this.#words);
  }

  /** @param {number} most */
  #phrase(most) {
    return this.#list(1 + this.#random.below(most), () => this.#word(), " ");
  }

  #name() {
    return this.#random.early(this.#words);
  }

  /** @param {number} length @param {(index: number) => string | number} make @param {string} [between] */
  #list(length, make, between = ",") {
    return Array.from({ length }, (_, index) => make(index)).join(between);
  }
}

/** @param {Random} random @param {number} length */
function words(random, length) {
  const consonants = [..."bcdfghjklmnpqrstvwxz"];
  const vowels = [..."aeiouy"];
  const syllable = () =>
    random.of(consonants) + random.of(vowels) + (random.below(3) ? "" : random.of(consonants));
  // The end makes sure that none is a reserved word.
  return Array.from(
    { length },
    (_, index) => `${Array.from({ length: 1 + (index % 4) }, syllable).join("")}y`,
  );
}

/** @param {number} length */
function names(length) {
  const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  return Array.from(
    { length },
    (_, index) => letters[index % 52] + (index < 52 ? "" : letters[Math.floor(index / 52) % 52]),
  );
}
