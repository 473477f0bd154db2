{"dehusk-profile":1,"fingerprints":1,"documents":3,"copies":0}
{"site":"*","pages":1}
{"site":"one","pages":1}
{"site":"two","pages":1}
