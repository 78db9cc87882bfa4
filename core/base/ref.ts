// Names of things (law 7), one syntax for links, evidence, selection, narration and files:
//
//   n2   c1   entry:n1/6   msg:n1→n3#17   event:clock/n2#4   rev:6.0   key:x   op:c1#4   watch:c1#7
//
// A name is local and stable: an edit elsewhere renames nothing.

/** The name of a thing. */
export type Ref = string;
