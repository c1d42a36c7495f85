import { describe, expect, it } from 'vitest';
import { Tag } from '../src/canonical/tags.ts';
import {
  AGENT_SUBPROTOCOL,
  apiId,
  apiInfo,
  apiName,
  apiTable,
  CloseCode,
  FrameKind,
  frameHeaderBytes,
  PROTOCOL_VERSION,
  parseAgentFrame,
} from '../src/index.ts';
import { ValueTag } from '../src/value/tags.ts';
import { agentFrames } from './support/control-samples.ts';
import { batchHeader } from './support/samples.ts';

const [hello] = agentFrames;

describe('versions', () => {
  it('[VR1] the version is 1 in subprotocol and frames', () => {
    expect(PROTOCOL_VERSION).toBe(1);
    expect(AGENT_SUBPROTOCOL).toBe(`lockstep.v${PROTOCOL_VERSION}`);
    expect(frameHeaderBytes({ ...batchHeader, kind: FrameKind.log, count: 0 })[1]).toBe(1);
  });

  it('[VR2] a later hello that cannot be read is refused as of another version', () => {
    const later = JSON.stringify({ ...hello, version: 2, horizon: 'new' });
    expect(parseAgentFrame(later)).toMatchObject({ ok: false, code: CloseCode.version });
    const same = JSON.stringify({ ...hello, horizon: 'new' });
    expect(parseAgentFrame(same)).toMatchObject({ ok: false, code: CloseCode.malformed });
  });

  it('[VR2] a later hello that can be read says its version', () => {
    const parsed = parseAgentFrame(JSON.stringify({ ...hello, version: 2 }));
    expect(parsed).toMatchObject({ ok: true, frame: { version: 2 } });
  });

  it('[VR3] close codes are these numbers', () => {
    expect(CloseCode).toEqual({
      malformed: 4400,
      unauthorized: 4401,
      conflict: 4409,
      settingDiffers: 4412,
      tooLarge: 4413,
      version: 4426,
      goingAway: 4503,
    });
  });

  it('[VR4] every API has a number of its own that fits into a record', () => {
    expect(new Set(apiTable.map(({ id }) => id)).size).toBe(apiTable.length);
    expect(new Set(apiTable.map(({ name }) => name)).size).toBe(apiTable.length);
    for (const { id, name } of apiTable) {
      expect(id).toBeGreaterThan(0);
      expect(id).toBeLessThanOrEqual(0xffff);
      expect([apiId(name), apiName(id), apiInfo(id)?.name]).toEqual([id, name, name]);
    }
  });

  it('[VR4] a number from a newer table has a name to show, a wrong name is a bug', () => {
    expect([apiName(65_535), apiInfo(65_535)]).toEqual(['api#65535', undefined]);
    expect(() => apiId('fs.readfile')).toThrow('fs.readfile');
  });

  it('[VR5] tags are numbered without a hole, so that none can be used again', () => {
    for (const tags of [Tag, ValueTag]) {
      const numbers = Object.values(tags);
      expect(numbers).toEqual(numbers.map((_, i) => i));
    }
  });
});
