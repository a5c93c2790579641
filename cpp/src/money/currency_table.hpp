// ISO 4217, the active codes as of February 2026: code, number, decimals of the minor unit (-1 where the standard says
// N.A.). Numbers are written without their leading zeros (8 is 008). Sorted by code; the tests hold the order and every
// entry. COP has two decimals here and in all arithmetic; how many a screen shows or a gateway sends is another matter.
#pragma once

// clang-format off
#define CUADRE_CURRENCIES(X) \
  X(AED, 784, 2) X(AFN, 971, 2) X(ALL, 8, 2) X(AMD, 51, 2) X(AOA, 973, 2) X(ARS, 32, 2)                       \
  X(AUD, 36, 2) X(AWG, 533, 2) X(AZN, 944, 2) X(BAM, 977, 2) X(BBD, 52, 2) X(BDT, 50, 2)                      \
  X(BHD, 48, 3) X(BIF, 108, 0) X(BMD, 60, 2) X(BND, 96, 2) X(BOB, 68, 2) X(BOV, 984, 2)                       \
  X(BRL, 986, 2) X(BSD, 44, 2) X(BTN, 64, 2) X(BWP, 72, 2) X(BYN, 933, 2) X(BZD, 84, 2)                       \
  X(CAD, 124, 2) X(CDF, 976, 2) X(CHE, 947, 2) X(CHF, 756, 2) X(CHW, 948, 2) X(CLF, 990, 4)                   \
  X(CLP, 152, 0) X(CNY, 156, 2) X(COP, 170, 2) X(COU, 970, 2) X(CRC, 188, 2) X(CUP, 192, 2)                   \
  X(CVE, 132, 2) X(CZK, 203, 2) X(DJF, 262, 0) X(DKK, 208, 2) X(DOP, 214, 2) X(DZD, 12, 2)                    \
  X(EGP, 818, 2) X(ERN, 232, 2) X(ETB, 230, 2) X(EUR, 978, 2) X(FJD, 242, 2) X(FKP, 238, 2)                   \
  X(GBP, 826, 2) X(GEL, 981, 2) X(GHS, 936, 2) X(GIP, 292, 2) X(GMD, 270, 2) X(GNF, 324, 0)                   \
  X(GTQ, 320, 2) X(GYD, 328, 2) X(HKD, 344, 2) X(HNL, 340, 2) X(HTG, 332, 2) X(HUF, 348, 2)                   \
  X(IDR, 360, 2) X(ILS, 376, 2) X(INR, 356, 2) X(IQD, 368, 3) X(IRR, 364, 2) X(ISK, 352, 0)                   \
  X(JMD, 388, 2) X(JOD, 400, 3) X(JPY, 392, 0) X(KES, 404, 2) X(KGS, 417, 2) X(KHR, 116, 2)                   \
  X(KMF, 174, 0) X(KPW, 408, 2) X(KRW, 410, 0) X(KWD, 414, 3) X(KYD, 136, 2) X(KZT, 398, 2)                   \
  X(LAK, 418, 2) X(LBP, 422, 2) X(LKR, 144, 2) X(LRD, 430, 2) X(LSL, 426, 2) X(LYD, 434, 3)                   \
  X(MAD, 504, 2) X(MDL, 498, 2) X(MGA, 969, 2) X(MKD, 807, 2) X(MMK, 104, 2) X(MNT, 496, 2)                   \
  X(MOP, 446, 2) X(MRU, 929, 2) X(MUR, 480, 2) X(MVR, 462, 2) X(MWK, 454, 2) X(MXN, 484, 2)                   \
  X(MXV, 979, 2) X(MYR, 458, 2) X(MZN, 943, 2) X(NAD, 516, 2) X(NGN, 566, 2) X(NIO, 558, 2)                   \
  X(NOK, 578, 2) X(NPR, 524, 2) X(NZD, 554, 2) X(OMR, 512, 3) X(PAB, 590, 2) X(PEN, 604, 2)                   \
  X(PGK, 598, 2) X(PHP, 608, 2) X(PKR, 586, 2) X(PLN, 985, 2) X(PYG, 600, 0) X(QAR, 634, 2)                   \
  X(RON, 946, 2) X(RSD, 941, 2) X(RUB, 643, 2) X(RWF, 646, 0) X(SAR, 682, 2) X(SBD, 90, 2)                    \
  X(SCR, 690, 2) X(SDG, 938, 2) X(SEK, 752, 2) X(SGD, 702, 2) X(SHP, 654, 2) X(SLE, 925, 2)                   \
  X(SOS, 706, 2) X(SRD, 968, 2) X(SSP, 728, 2) X(STN, 930, 2) X(SVC, 222, 2) X(SYP, 760, 2)                   \
  X(SZL, 748, 2) X(THB, 764, 2) X(TJS, 972, 2) X(TMT, 934, 2) X(TND, 788, 3) X(TOP, 776, 2)                   \
  X(TRY, 949, 2) X(TTD, 780, 2) X(TWD, 901, 2) X(TZS, 834, 2) X(UAH, 980, 2) X(UGX, 800, 0)                   \
  X(USD, 840, 2) X(USN, 997, 2) X(UYI, 940, 0) X(UYU, 858, 2) X(UYW, 927, 4) X(UZS, 860, 2)                   \
  X(VED, 926, 2) X(VES, 928, 2) X(VND, 704, 0) X(VUV, 548, 0) X(WST, 882, 2) X(XAD, 396, 2)                   \
  X(XAF, 950, 0) X(XAG, 961, -1) X(XAU, 959, -1) X(XBA, 955, -1) X(XBB, 956, -1) X(XBC, 957, -1)              \
  X(XBD, 958, -1) X(XCD, 951, 2) X(XCG, 532, 2) X(XDR, 960, -1) X(XOF, 952, 0) X(XPD, 964, -1)                \
  X(XPF, 953, 0) X(XPT, 962, -1) X(XSU, 994, -1) X(XTS, 963, -1) X(XUA, 965, -1) X(XXX, 999, -1)              \
  X(YER, 886, 2) X(ZAR, 710, 2) X(ZMW, 967, 2) X(ZWG, 924, 2)
// clang-format on
