import assert from 'node:assert/strict';
import { test } from 'node:test';
import register from '../../static/snippet/parts/rich.js';

const HASH = '0123456789abcdef0123456789abcdef';
const OURS = `https://messages.example/v1/images/shop/${HASH}`;

/** What is set on the image that is drawn. @param {object} block */
function drawn(block) {
  /** @type {any} */
  const core = { blocks: {}, looks: '' };
  register(core);
  const make = (/** @type {string} */ tag, /** @type {object} */ properties) => ({ tag, ...properties });
  return core.blocks.image({ alt: 'A mug', ...block }, { make, safeUrl: String });
}

/** @type {[string, number[]][]} */
const widths = [
  [`${OURS}-1440.webp`, [320, 640, 960, 1440]],
  [`${OURS}-1000.webp`, [320, 640, 960, 1000]],
  [`${OURS}-320.webp`, [320]],
  [`${OURS}-40.webp`, [40]],
  [`http://127.0.0.1:5000/v1/images/a_b-c/${HASH}-641.webp`, [320, 640, 641]],
  [`https://cdn.example/deep/er/images/shop/${HASH}-400.webp`, [320, 400]],
];

for (const [src, expected] of widths) {
  test(`the widths of ${src}`, () => {
    const image = drawn({ src, width: 200, height: 100 });
    const start = src.slice(0, src.lastIndexOf('-') + 1);
    assert.equal(image.srcset, expected.map((width) => `${start}${width}.webp ${width}w`).join());
    assert.equal(image.sizes, 'auto,480px');
    assert.deepEqual([image.src, image.width, image.height], [src, 200, 100]);
  });
}

const others = [
  '/mug.png',
  'https://shop.example/mug-1440.webp',
  `https://shop.example/${HASH}-1440.webp`,
  `https://shop.example/images/shop/${HASH}-1440.webp?v=2`,
  `https://shop.example/images/shop/${HASH}-1440.png`,
  `https://shop.example/images/shop/${HASH.toUpperCase()}-1440.webp`,
  `https://shop.example/a, b/images/shop/${HASH}-1440.webp`,
  `/images/shop/${HASH}-1440.webp`,
  `javascript:1//images/shop/${HASH}-1440.webp`,
];

for (const src of others) {
  test(`one width of ${src}`, () => {
    const image = drawn({ src, width: 200, height: 100 });
    assert.deepEqual([image.src, image.srcset, image.sizes], [src, undefined, undefined]);
  });
}

test('what may be as wide as it likes needs its own size, or it would get the wrong shape', () => {
  for (const size of [{}, { width: null, height: null }, { width: 200 }])
    assert.equal(drawn({ src: `${OURS}-1440.webp`, ...size }).srcset, undefined);
});

test('it is lazy before it has a source', () => {
  const names = Object.keys(drawn({ src: `${OURS}-1440.webp`, width: 200, height: 100 }));
  assert.ok(names.indexOf('loading') < names.indexOf('srcset'));
  assert.ok(names.indexOf('loading') < names.indexOf('src'));
});
