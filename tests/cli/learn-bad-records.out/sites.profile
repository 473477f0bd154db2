{"dehusk-profile":1,"fingerprints":1,"documents":1,"copies":0}
{"site":"example.org","pages":1}
