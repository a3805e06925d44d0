// Calendars: text, events, links, identities, content, and a property changed and read again.

@_cdecl("LLVMFuzzerTestOneInput")
public func readCalendar(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = [UInt8](UnsafeBufferPointer(start: start, count: count))
    let text = CalendarText(bytes)
    precondition(ComponentText(bytes).serialised == bytes)
    var content: [UInt8] = []
    for object in text.objects {
        let reading = object.read()
        for event in [reading.master].compactMap({ $0 }) + reading.overrides {
            if let link = MeetingLink.find(in: event), link.service != .other {
                precondition(MeetingLink(link.address)?.service == link.service)
            }
        }
        object.appendContent(to: &content)
    }
    for zone in text.zoneDefinitions { for part in zone.children { _ = part.properties.map(\.text) } }
    if text.isWhole, let event = text.objects.first?.components.first, event.problem == nil {
        var rewriting = Rewriting(text.text)
        rewriting.set("X-FUZZ", toText: "a, b", in: event)
        let again = CalendarText(rewriting.serialised)
        precondition(again.objects.count == text.objects.count)
    }
    return 0
}
