{"dehusk-profile":1,"fingerprints":1,"documents":4,"copies":0}
{"site":"a.example","pages":2}
{"site":"a.example","pages":2,"line":{"hash":"0000000000000007","head":2,"inside":0,"tail":0,"bounds":0,"above":"0000000000000002","below":"0000000000000001","sites":"0000000000000007","variants":"0000000000000001","words":2,"kind":"line","text":"TIDENDE OG"}}
{"site":"b.example","pages":2}
{"site":"b.example","pages":2,"affix":" | B"}
