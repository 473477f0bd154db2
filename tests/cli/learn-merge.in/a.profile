{"dehusk-profile":1,"fingerprints":1,"documents":3,"copies":0}
{"site":"a.example","pages":3}
{"site":"a.example","pages":3,"line":{"hash":"0000000000000007","head":3,"inside":0,"tail":0,"bounds":0,"above":"0000000000000001","below":"0000000000000001","sites":"0000000000000007","variants":"0000000000000001","words":2,"kind":"line","text":"Tidende og"}}
