"""People, organisations with their places of work, and vacancies brought in by workbook or by API: twice is once."""
