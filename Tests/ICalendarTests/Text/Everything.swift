@testable import ICalendar

/// Reads everything that can be asked of a text, as somebody would who shows all of it.
enum Everything {
    @discardableResult
    static func ofCalendar(_ bytes: [UInt8], limits: Limits = Limits()) -> (events: Int, flaws: Int, isWhole: Bool) {
        let text = CalendarText(bytes, limits: limits)
        var events = 0
        var flaws = text.flaws.count
        var content: [UInt8] = []
        for object in text.objects {
            let reading = object.read()
            for event in [reading.master].compactMap({ $0 }) + reading.overrides {
                events += 1
                _ = MeetingLink.find(in: event)
            }
            flaws += reading.flaws.map(\.description.utf8.count).isEmpty ? 0 : reading.flaws.count
            content.removeAll(keepingCapacity: true)
            object.appendContent(to: &content)
        }
        for zone in text.zoneDefinitions { walk(zone) }
        return (events, flaws, text.isWhole)
    }

    @discardableResult
    static func ofContacts(_ bytes: [UInt8], limits: Limits = Limits()) -> ContactText {
        let text = ContactText.read(bytes, limits: limits)
        _ = ContactExport.cards(text.contacts)
        _ = ContactExport.table(text.contacts)
        return text
    }

    private static func walk(_ component: Component) {
        for property in component.properties {
            _ = (property.name, property.text, property.parameter("TZID"), property.bareParameters)
        }
        for child in component.children { walk(child) }
    }
}
