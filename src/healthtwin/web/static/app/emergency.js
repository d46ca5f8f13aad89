// Which number to call. The phone's time zone says where it is; the person can set another number.

/** Where another number than 112 is the usual one. Mobile phones lead 112 and 911 there too (3GPP TS 22.101). */
const BY_ZONE = [
  [/^Europe\/(London|Belfast|Guernsey|Jersey|Isle_of_Man|Gibraltar)$/, "999"],
  [/^(America\/(New_York|Detroit|Chicago|Denver|Boise|Phoenix|Los_Angeles|Anchorage|Juneau|Sitka|Nome|Adak|Menominee|Metlakatla|Yakutat|Indiana\/.*|Kentucky\/.*|North_Dakota\/.*)|Pacific\/(Honolulu|Guam|Pago_Pago|Saipan)|America\/Puerto_Rico|US\/.*)$/, "911"],
  [/^(America\/(Toronto|Vancouver|Edmonton|Winnipeg|Halifax|St_Johns|Regina|Moncton|Whitehorse|Yellowknife|Iqaluit|Inuvik|Dawson|Dawson_Creek|Fort_Nelson|Glace_Bay|Goose_Bay|Thunder_Bay|Montreal|Swift_Current|Rankin_Inlet|Resolute|Cambridge_Bay|Creston|Atikokan|Blanc-Sablon)|Canada\/.*)$/, "911"],
  [/^America\/(Mexico_City|Tijuana|Monterrey|Cancun|Merida|Chihuahua|Hermosillo|Mazatlan|Ojinaga|Matamoros|Ciudad_Juarez|Bahia_Banderas|Argentina\/.*|Buenos_Aires|Montevideo|Panama|Costa_Rica|Guayaquil|Asuncion)$/, "911"],
  [/^America\/(Sao_Paulo|Bahia|Fortaleza|Recife|Manaus|Belem|Cuiaba|Campo_Grande|Porto_Velho|Rio_Branco|Boa_Vista|Maceio|Araguaina|Santarem|Noronha|Eirunepe)$/, "192"],
  [/^America\/(Santiago|Punta_Arenas)$/, "131"],
  [/^(Australia\/.*)$/, "000"],
  [/^Pacific\/(Auckland|Chatham)$/, "111"],
  [/^Asia\/(Tokyo|Seoul)$/, "119"],
  [/^Asia\/(Shanghai|Urumqi)$/, "120"],
  [/^Asia\/(Hong_Kong|Macau|Kuala_Lumpur|Kuching)$/, "999"],
  [/^Asia\/(Singapore)$/, "995"],
  [/^Asia\/(Manila)$/, "911"],
];

/**
 * The emergency number where this time zone is.
 *
 * 112 elsewhere: the number of the European Union, India and many more, and the one that GSM phones know.
 */
export function emergencyNumber(zone) {
  return BY_ZONE.find(([zones]) => zones.test(zone))?.[1] ?? "112";
}

/** What may stand in a `tel:` link: digits, with a plus in front at most. */
export const dialled = (number) => number.replace(/[^\d+]/g, "");
