extension ZoneDefinition {
    /// Reads a VTIMEZONE.
    public init(_ component: Component) throws(ZoneFault) {
        guard component.kind == .timeZone, component.problem == nil else { throw ZoneFault("It is not whole.") }
        guard let name = component.first("TZID")?.text, !name.isEmpty else { throw ZoneFault("It has no name.") }
        self.init(name: name)
        for part in component.children where part.kind == .standard || part.kind == .daylight {
            observances.append(try Observance(part))
            guard observances.count <= ZoneDefinition.mostObservances else { throw ZoneFault("It has too many parts.") }
        }
    }
}

extension ZoneDefinition.Observance {
    fileprivate init(_ component: Component) throws(ZoneFault) {
        guard let start = component.first("DTSTART").flatMap({ EventTime($0.text) }) else {
            throw ZoneFault("A part of it does not say from when on it holds.")
        }
        guard let offset = component.first("TZOFFSETTO").flatMap({ UTCOffset($0.text) }) else {
            throw ZoneFault("A part of it has no offset from UTC.")
        }
        // Without the offset before there is no telling when the change is; the same offset is the best guess.
        let before = component.first("TZOFFSETFROM").flatMap { UTCOffset($0.text) } ?? offset
        self.init(start: start.local, offsetBefore: before.seconds, offset: offset.seconds)
        rules = component.all("RRULE").map(\.text)
        for property in component.all("RDATE") {
            for text in property.text.split(separator: ",").prefix(ZoneDefinition.mostChanges) {
                if let time = EventTime(text) { additions.append(time.local) }
            }
        }
    }
}
