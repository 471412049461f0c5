import { describe, expect, it } from 'vitest';
import { giveBackPiece, pieceBytes, takePiece } from '../../src/sandbox/piece.ts';

describe('the memory of a piece', () => {
  it('is used again when it was given back, and by nobody before', () => {
    const [one, other] = [takePiece(), takePiece()];
    expect(one.buffer).not.toBe(other.buffer);
    giveBackPiece(one.subarray(0, 10));
    const next = takePiece();
    expect(next.buffer).toBe(one.buffer);
    expect(next).toHaveLength(pieceBytes);
    expect(takePiece().buffer).not.toBe(other.buffer);
  });

  it('is not taken from those who made it themselves', () => {
    const mine = Buffer.alloc(pieceBytes);
    giveBackPiece(mine);
    expect(takePiece().buffer).not.toBe(mine.buffer);
  });
});
