"""Technical schools: intakes of spring and autumn, their students, the stamped list, and the city's reply."""
