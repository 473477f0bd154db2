{"dehusk-profile":1,"fingerprints":1,"documents":2,"copies":0}
{"site":"daily","pages":1}
{"site":"example.org","pages":1}
