/**
 * Text widths for `badge-maker`, in place of its dependency `anafanafo`: the builds alias that name to this
 * file. The whole tables are 900 KB that every isolate would evaluate before it answers anything (30 ms); these
 * are the same figures for Latin-1 and an estimate for the rest, which only makes a badge a little wide or
 * narrow, for its text is fitted to the box.
 *
 * @param options.font `11px Verdana`, `10px Verdana` or `bold 10px Verdana`; any other is taken for the first
 * @returns pixels
 */
export default function measure(text: string, options: { font: string }): number {
  const face = FACES[options.font] ?? DEFAULT_FACE
  let hundredths = 0
  for (const character of text) hundredths += widthOf(face, character.codePointAt(0)!)
  return hundredths / 100
}

interface Face {
  readonly size: number
  /** Hundredths of a pixel of U+0020–U+007E and U+00A0–U+00FF, in order. */
  readonly widths: readonly number[]
}

/** From here on scripts are mostly as wide as they are high (Hangul, CJK, emoji). */
const FIRST_SQUARE = 0x1100
const NARROW_SHARE = 64

function widthOf({ size, widths }: Face, code: number): number {
  if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return 0
  if (code <= 0xff) return widths[code < 0x7f ? code - 0x20 : code - 0xa0 + 95]!
  return code < FIRST_SQUARE ? size * NARROW_SHARE : size * 100
}

const TABLES = {
  '11px Verdana': {
    size: 11,
    widths: `387 433 505 900 699 1184 799 295 500 500 699 900 400 500 400 500 699 699 699 699 699 699 699 699 699
699 500 500 900 900 900 600 1100 752 754 768 848 696 632 853 827 463 500 762 612 927 823 866 663 866
765 752 678 805 752 1088 754 677 754 500 500 500 900 699 699 661 685 573 685 655 387 685 696 302 379
651 302 1070 696 668 685 685 469 573 433 696 651 900 651 651 578 698 500 698 900 387 433 699 699 699
699 500 699 699 1100 600 709 900 0 1100 699 596 900 596 596 699 706 699 400 699 596 600 709 1100
1100 1100 600 752 752 752 752 752 752 1083 768 696 696 696 696 463 463 463 463 853 823 866 866 866
866 866 900 866 805 805 805 805 677 666 682 661 661 661 661 661 661 1051 573 655 655 655 655 302 302
302 302 673 696 668 668 668 668 668 900 668 696 696 696 696 651 685 1070`,
  },
  '10px Verdana': {
    size: 10,
    widths: `352 394 459 818 636 1076 727 269 454 454 636 818 364 454 364 454 636 636 636 636 636 636 636 636 636
636 454 454 818 818 818 545 1000 684 686 698 771 632 575 775 751 421 455 693 557 843 748 787 603 787
695 684 616 732 684 989 685 615 685 454 454 454 818 636 636 601 623 521 623 596 352 623 633 274 344
592 274 973 633 607 623 623 427 521 394 633 592 818 592 592 525 635 454 635 818 352 394 636 636 636
636 454 636 636 1000 545 645 818 0 1000 636 542 818 542 542 636 642 636 364 636 542 545 645 1000
1000 1000 545 684 684 684 684 684 684 984 698 632 632 632 632 421 421 421 421 775 748 787 787 787
787 787 818 787 732 732 732 732 615 605 620 601 601 601 601 601 601 955 521 596 596 596 596 274 274
274 274 612 633 607 607 607 607 607 818 607 633 633 633 633 592 623 973`,
  },
  'bold 10px Verdana': {
    size: 10,
    widths: `342 402 587 867 711 1272 862 332 543 543 711 867 361 480 361 689 711 711 711 711 711 711 711 711 711
711 402 402 867 867 867 617 964 776 762 724 830 683 650 811 837 546 555 771 637 948 847 850 733 850
782 710 682 812 764 1128 764 737 692 543 689 543 867 711 711 668 699 588 699 664 422 699 712 342 403
671 342 1058 712 687 699 699 497 593 456 712 650 979 669 651 597 711 543 711 867 342 402 711 711 711
711 543 711 711 964 598 850 867 0 964 711 587 867 598 598 711 721 711 361 711 598 598 850 1182 1182
1182 617 776 776 776 776 776 776 1094 724 683 683 683 683 546 546 546 546 830 847 850 850 850 850
850 867 850 812 812 812 812 737 735 713 668 668 668 668 668 668 1018 588 664 664 664 664 342 342 342
342 679 712 687 687 687 687 687 867 687 712 712 712 712 651 699 1058`,
  },
}

const FACES: Record<string, Face> = Object.fromEntries(
  Object.entries(TABLES).map(([font, { size, widths }]) => [
    font,
    { size, widths: widths.split(/\s+/).map(Number) },
  ]),
)
const DEFAULT_FACE = FACES['11px Verdana']!
