{"dehusk-profile":1,"fingerprints":1,"documents":20,"copies":0}
{"site":"a.example","pages":20}
{"site":"a.example","pages":19,"affix":" | Tidende"}
{"site":"a.example","pages":20,"line":{"hash":"0000000000000007","head":20,"inside":0,"tail":0,"bounds":0,"above":"0000000000000001","below":"0000000000000001","sites":"0000000000000007","variants":"0000000000000001","words":2,"kind":"line","text":"Tidende og"}}
{"site":"b.example","pages":2}
