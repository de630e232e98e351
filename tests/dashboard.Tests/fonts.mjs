import {access, mkdtemp, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {launch} from './browser.mjs';

/** Where Debian's packages put fonts that readers of the page have; the page's own choice first. */
export const fonts = {
  'Inter': ['/usr/share/fonts/opentype/inter', '/usr/share/fonts/truetype/inter'],
  'DejaVu Sans': ['/usr/share/fonts/truetype/dejavu'],
  'Noto Sans': ['/usr/share/fonts/truetype/noto'],
  'Liberation Sans': ['/usr/share/fonts/truetype/liberation', '/usr/share/fonts/truetype/liberation2'],
};

/** A browser for which a machine has no fonts but those of one package. */
export async function launchWith(font, folder) {
  const found = [];
  for (const place of fonts[font]) await access(place).then(() => found.push(place), () => {});
  if (found.length === 0) throw new Error(`There is no ${font} in ${fonts[font].join(' or ')}: bash tests/run.sh installs it`);
  const own = await mkdtemp(join(folder, 'fonts-'));
  const config = join(own, 'fonts.conf');
  await writeFile(config, `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  ${found.map((place) => `<dir>${place}</dir>`).join('\n  ')}
  <cachedir>${join(own, 'cache')}</cachedir>
<match target="pattern"><edit name="family" mode="append_last"><string>${font}</string></edit></match>
</fontconfig>
`);
  return launch({FONTCONFIG_FILE: config});
}

/** The family of the font that most letters of an element are really drawn with. */
export async function fontOf(page, selector) {
  const session = await page.context().newCDPSession(page);
  const {root} = await session.send('DOM.getDocument');
  await session.send('CSS.enable');
  const {nodeId} = await session.send('DOM.querySelector', {nodeId: root.nodeId, selector});
  const {fonts: used} = await session.send('CSS.getPlatformFontsForNode', {nodeId});
  await session.detach();
  return used.reduce((most, one) => (one.glyphCount > most.glyphCount ? one : most)).familyName;
}
