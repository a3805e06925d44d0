// Zones: bytes as a file of the database, as a calendar that defines zones, and as names.

@_cdecl("LLVMFuzzerTestOneInput")
public func findZones(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = [UInt8](UnsafeBufferPointer(start: start, count: count))
    if let data = TimeZoneData(bytes) { walk(Zone(name: "Data", data: data)) }
    let calendar = CalendarText(bytes)
    let definitions = ZoneDefinitions(calendar.zoneDefinitions)
    for component in calendar.zoneDefinitions.prefix(10) {
        guard let definition = try? ZoneDefinition(component) else { continue }
        if case .success(let zone) = definitions.zone(definition.name) { walk(zone) }
    }
    let book = ZoneBook { name in
        precondition(!name.contains("..") && !name.hasPrefix("/") && !name.isEmpty, "a path out of the database")
        return nil
    }
    for line in bytes.split(separator: 10).prefix(20) {
        let found = book.find(String(decoding: line, as: UTF8.self), definitions: definitions)
        if let found { walk(found.zone) }
    }
    return 0
}

/// What a clock shows is an instant again; a time that is shown twice is the first one.
private func walk(_ zone: Zone) {
    for second in stride(from: -4_000_000_000, through: 9_000_000_000, by: 433_333_333) {
        let again = zone.utcSeconds(of: zone.local(at: second))
        precondition(again <= second && zone.local(at: again) == zone.local(at: second), "another time")
    }
    _ = zone.offset(at: .min)
    _ = zone.offset(at: .max)
}
