// Print the parts of DiceBear's "Pixel Art" as JSON: the SVG of each part, and the style's options.
// In place of a colour stands the name of its slot: fill="hair".
import * as groups from './node_modules/@dicebear/pixel-art/lib/components/index.js';
import { create, schema } from '@dicebear/pixel-art';

const bare = { pick: () => 'skin', bool: () => false }; // a choice that picks no part
const skin = create({ prng: bare, options: {} }).body.replaceAll('#skin', 'skin');
const slots = Object.fromEntries(Object.keys(groups).map((name) => [name, name]));
const parts = { skin: { skin } };
for (const [group, options] of Object.entries(groups)) {
  parts[group] = {};
  for (const name of Object.keys(options).sort()) parts[group][name] = options[name]({}, slots);
}
console.log(JSON.stringify({ parts, style: schema.properties }));
