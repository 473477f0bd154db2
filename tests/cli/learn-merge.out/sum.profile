{"dehusk-profile":1,"fingerprints":1,"documents":7,"copies":0}
{"site":"a.example","pages":5}
{"site":"a.example","pages":5,"line":{"hash":"0000000000000007","head":5,"inside":0,"tail":0,"bounds":0,"above":"0000000000000003","below":"0000000000000001","sites":"0000000000000007","variants":"0000000000000001","words":2,"kind":"line","text":"TIDENDE OG"}}
{"site":"b.example","pages":2}
{"site":"b.example","pages":2,"affix":" | B"}
